import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import { type IpvsConnection, parseConnections } from '../../scripts/ipvs/parse.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';
import { lots, onceEach, predictable, type Scenario, titleOf } from './scheduler-scenarios.ts';

const test = testsOf('schedulers');
// The oracle against the kernel: each scenario on a VIP of its own, which nobody has used before; who got a connection is
// read from the kernel's own table of connections.
const lab = await LabCommand.inFreshFolder();
const realServers = ['192.168.1.4', '192.168.1.5', '192.168.1.6'];
const clientAt = (at: number) => `192.168.1.${100 + at}`;
const vipOf = (index: number) => `192.168.${2 + Math.floor(index / 200)}.${1 + (index % 200)}`;
const firstPort = 10_000;

test.after(() => lab.end());

for (const { title, release, scenarios } of [
  { title: 'each scheduler once: the kernel picks as predicted', release: 13, scenarios: onceEach },
  // Debian 12's cloud kernel has no twos.
  { title: "every scenario: Debian 13's kernel picks as predicted", release: 13, scenarios: [...predictable, ...lots] },
  { title: "every scenario: Debian 12's kernel picks as predicted", release: 12, scenarios: predictable },
]) {
  test(title, async (t) => {
    const name = `schedulers${release}`;
    const file = join(lab.folder, `${name}.yaml`);
    await writeFile(
      file,
      `mode: dr\nrelease: ${release}\nnetworks: { front: 192.168.1.0/24 }\nreal_servers: 3\nservice: { vip: 192.168.1.3 }\n`,
    );
    const { code, stderr } = await lab.run('up', file);
    t.is(code, 0, stderr);
    const seen = await meet(name, scenarios);
    let asPredicted = 0;
    for (const [index, scenario] of scenarios.entries()) {
      const observed = seen[index] ?? [];
      if (scenario.scheduler === 'twos') {
        t.true(isFairDraw(scenario, observed), `${titleOf(scenario)}: ${observed.join('')}`);
        continue;
      }
      const predicted = predictionOf(scenario, vipOf(index));
      t.is(observed.join(''), predicted.join(''), titleOf(scenario));
      asPredicted++;
    }
    const kernel = (await lab.on(name, 'director', 'uname -r')).trim();
    t.log(`${kernel}: ${asPredicted} scenarios, predicted = observed`);
    t.is((await lab.run('down', name)).code, 0);
  });
}

function connectionsOf({ count, clients, held }: Scenario) {
  return Array.from({ length: count }, (_, at) => ({
    client: clientAt(at % clients),
    clientPort: firstPort + at,
    held,
  }));
}

/** Digits of the real servers, x where IPVS refuses. */
function predictionOf(scenario: Scenario, vip: string): string[] {
  const servers = scenario.weights.map((weight, at) => ({
    name: String(at + 1),
    address: realServers[at] ?? '',
    port: 80,
    weight,
    upper: scenario.upper,
  }));
  return simulate({ ...scenario, vip, servers }, connectionsOf(scenario)).map((pick) => pick ?? 'x');
}

/** Runs all scenarios on a lab that is up; digits of the real servers that the kernel chose, x where it refused. */
async function meet(name: string, scenarios: readonly Scenario[]): Promise<string[][]> {
  const vips = scenarios.map((_, index) => vipOf(index));
  const addVips = (device: string) => vips.map((vip) => `address replace ${vip}/32 dev ${device}`).join('\n');
  const batch = (lines: string) => `ip -batch - <<'LINES'\n${lines}\nLINES`;
  for (const node of ['rs1', 'rs2', 'rs3']) await lab.on(name, node, batch(addVips('lo')));
  const rules = scenarios.flatMap(({ scheduler, flags, weights, upper }, index) => [
    `-A -t ${vips[index]}:80 -s ${scheduler}${flags.length > 0 ? ` -b ${flags.join(',')}` : ''}`,
    ...weights.map((weight, at) => `-a -t ${vips[index]}:80 -r ${realServers[at]}:80 -g -w ${weight} -x ${upper} -y 0`),
  ]);
  await lab.on(name, 'director', `${batch(addVips('eth0'))}\nipvsadm --restore <<'RULES'\n${rules.join('\n')}\nRULES`);
  // Whoever IPVS refuses is told so each time, not once in a second: icmp_ratelimit, ip-sysctl.rst.
  await lab.on(name, 'director', 'sysctl -q -w net.ipv4.icmp_ratelimit=0');
  const clients = Array.from({ length: 12 }, (_, at) => `address replace ${clientAt(at)}/24 dev eth0`);
  await lab.on(name, 'client', `${batch(clients.join('\n'))}\nip route replace 192.168.0.0/16 dev eth0`);
  const seen: string[][] = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (index % 25 === 0) await connect(name, scenarios.slice(index, index + 25), vips.slice(index));
    if (index % 25 === 24 || index === scenarios.length - 1) {
      const start = index - (index % 25);
      const table = parseConnections(await lab.on(name, 'director', 'cat /proc/net/ip_vs_conn'));
      for (let at = start; at <= index; at++) seen[at] = chosen(scenarios[at] ?? scenario, vips[at] ?? '', table);
    }
  }
  return seen;
}

/** Opens the connections of some scenarios, one after the other; those that are to be held live until the last is made. */
async function connect(name: string, scenarios: readonly Scenario[], vips: readonly string[]): Promise<void> {
  const rows = scenarios.flatMap((scenario, index) =>
    connectionsOf(scenario).map(({ client, clientPort, held }) =>
      [client, clientPort, vips[index], held ? 'hold' : 'close'].join(' '),
    ),
  );
  const script = `perl -e '
    use Socket;
    my @held;
    while (<STDIN>) {
      my ($client, $port, $vip, $what) = split;
      socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
      setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
      bind($socket, sockaddr_in($port, inet_aton($client))) or die "bind: $!";
      # SO_SNDTIMEO: whoever is refused hangs. The first packet is all that a held one has to send.
      setsockopt($socket, SOL_SOCKET, 21, $what eq "hold" ? pack("qq", 0, 500000) : pack("qq", 2, 0));
      my $ok = connect($socket, sockaddr_in(80, inet_aton($vip)));
      if ($what eq "hold") { push @held, $socket; }
      elsif ($ok) {
        syswrite($socket, "GET / HTTP/1.0\\r\\n\\r\\n");
        1 while sysread($socket, my $page, 4096);
        close($socket);
      }
    }
  ' <<'ROWS'
${rows.join('\n')}
ROWS`;
  await lab.on(name, 'client', script);
}

function chosen(scenario: Scenario, vip: string, table: readonly IpvsConnection[]): string[] {
  return connectionsOf(scenario).map(({ client, clientPort }) => {
    const entry = table.find((one) => one.vip === vip && one.client === client && one.clientPort === clientPort);
    const at = realServers.indexOf(entry?.realServer ?? '');
    return at < 0 ? 'x' : String(at + 1);
  });
}

/** With two choices the load stays near to the weights: within a fifth of all connections. */
function isFairDraw({ weights, count }: Scenario, observed: readonly string[]): boolean {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.every((weight, at) => {
    const share = observed.filter((pick) => pick === String(at + 1)).length;
    return share > 0 && Math.abs(share - (count * weight) / total) <= count / 5;
  });
}

import { simulate } from '../../scripts/ipvs/oracle/simulate.ts';
import { type IpvsConnection, parseConnections } from '../../scripts/ipvs/parse.ts';
import type { LabCommand } from './lab.ts';
import { type Scenario, titleOf } from './scheduler-scenarios.ts';

// The oracle against the kernel: each scenario on a VIP of its own, which nobody has used before; who got a connection is
// read from the kernel's own table of connections.

const realServers = ['192.168.1.4', '192.168.1.5', '192.168.1.6'];
const clientAt = (at: number) => `192.168.1.${100 + at}`;
const vipOf = (index: number) => `192.168.${2 + Math.floor(index / 200)}.${1 + (index % 200)}`;
const firstPort = 10_000;

/** A lab in which scenarios can be met. */
export const benchLab =
  'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nreal_servers: 3\nservice: { vip: 192.168.1.3 }\n';

/** What the kernel did in one scenario. */
export interface Met {
  title: string;
  /** Digits of the real servers that were predicted, x where IPVS refuses; null where the scheduler draws lots. */
  predicted: string | null;
  observed: string;
  /** As predicted; a draw of lots is near to the weights. */
  ok: boolean;
}

/**
 * Runs scenarios in a lab of `benchLab` that is up.
 * @param kernel the version of the director's kernel
 */
export async function meet(
  lab: LabCommand,
  name: string,
  scenarios: readonly Scenario[],
  kernel?: string,
): Promise<Met[]> {
  const seen = await observe(lab, name, scenarios);
  return scenarios.map((scenario, index) => {
    const title = titleOf(scenario);
    const picks = seen[index] ?? [];
    const observed = picks.join('');
    if (scenario.scheduler === 'twos') return { title, predicted: null, observed, ok: isFairDraw(scenario, picks) };
    const predicted = predictionOf(scenario, vipOf(index), kernel).join('');
    return { title, predicted, observed, ok: observed === predicted };
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
function predictionOf(scenario: Scenario, vip: string, kernel: string | undefined): string[] {
  const servers = scenario.weights.map((weight, at) => ({
    name: String(at + 1),
    address: realServers[at] ?? '',
    port: 80,
    weight,
    upper: scenario.upper,
  }));
  return simulate({ ...scenario, vip, servers, kernel }, connectionsOf(scenario)).map((pick) => pick ?? 'x');
}

/** Runs all scenarios on a lab that is up; digits of the real servers that the kernel chose, x where it refused. */
async function observe(lab: LabCommand, name: string, scenarios: readonly Scenario[]): Promise<string[][]> {
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
    if (index % 25 === 0) await connect(lab, name, scenarios.slice(index, index + 25), vips.slice(index));
    if (index % 25 === 24 || index === scenarios.length - 1) {
      const start = index - (index % 25);
      const table = parseConnections(await lab.on(name, 'director', 'cat /proc/net/ip_vs_conn'));
      for (let at = start; at <= index; at++) seen[at] = chosen(scenarios[at] ?? scenario, vips[at] ?? '', table);
    }
  }
  return seen;
}

/** Opens the connections of some scenarios, one after the other; those that are to be held live until the last is made. */
async function connect(
  lab: LabCommand,
  name: string,
  scenarios: readonly Scenario[],
  vips: readonly string[],
): Promise<void> {
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

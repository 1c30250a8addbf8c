import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { lasting, wished } from '../../scripts/grading/wished.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { bringToState } from '../../scripts/provision/bring-to-state.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { parseState } from '../../scripts/state/parse.ts';
import { isReadable } from '../../scripts/state/readable.ts';
import { stateScript } from '../../scripts/state/script.ts';
import { differences, type StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';
import { comparable } from '../../scripts/state/unread.ts';
import { mayMount, unshareArguments } from '../namespaces.ts';
import { planOf } from '../render/golden.ts';
import { ensureTools } from '../tools.ts';

const inNamespaces = mayMount ? test : test.skip;
if (mayMount) await ensureTools({ ip: 'iproute2', sysctl: 'procps' });

/** Of a lab with IPv4 not all of IPv6 is read. */
const plan: Plan = { ...(await planOf('dr')), family: 6 };
const director = plan.nodes.find(({ name }) => name === 'director') ?? plan.nodes[0];
if (!director) throw new Error('a lab without nodes');
const node = director;
const mac = node.nics[0]?.mac ?? '';
const script = stateScript(renderer(await loadTemplates(projectRoot)), plan, node);

/** A director of a kind, with a cable in place of its NIC. */
const setUp = `
ip link set lo up
ip link add eth0 address ${mac} type veth peer name far
ip link set eth0 up
ip link set far up
ip address add 192.168.1.2/24 broadcast + dev eth0
ip address add 192.168.1.3/32 dev eth0
ip -6 address add fd00:1::2/64 dev eth0 nodad
ip route add default via 192.168.1.1
ip route add 10.9.0.0/16 via 192.168.1.9 table 100
ip rule add fwmark 1 lookup 100
ip neighbour add 192.168.1.77 lladdr 02:00:00:00:00:77 dev eth0 nud permanent
`;

/** The kernel forgets its neighbours, permanent ones as well. */
const flushed = 'neighbour 192.168.1.77 dev eth0';

/** What a person may do, and the keys that are told. Here eth0 is a device of the kernel, and has no role. */
const changes: [title: string, commands: string, told: string[]][] = [
  ['an address that is gone', 'ip address delete 192.168.1.3/32 dev eth0', ['address eth0 192.168.1.3/32']],
  [
    'an address with another prefix',
    'ip address delete 192.168.1.3/32 dev eth0; ip address add 192.168.1.3/24 dev eth0',
    ['address eth0 192.168.1.3/32', 'address eth0 192.168.1.3/24'],
  ],
  ['an address on lo', 'ip address add 192.168.1.3/32 dev lo', ['address lo 192.168.1.3/32']],
  ['an IPv6 address that is gone', 'ip address delete fd00:1::2/64 dev eth0', ['address eth0 fd00:1::2/64']],
  [
    'an IPv6 address that is deprecated',
    'ip address change fd00:1::2/64 dev eth0 preferred_lft 0',
    ['address eth0 fd00:1::2/64'],
  ],
  ['another gateway', 'ip route replace default via 192.168.1.9', ['route default']],
  ['no gateway', 'ip route delete default', ['route default']],
  ['a route that leads nowhere', 'ip route add blackhole 192.168.1.100', ['route 192.168.1.100']],
  ['a route of IPv6', 'ip -6 route add default via fd00:1::9', ['route ::/0 dev eth0 metric 1024']],
  ['a route of another table', 'ip route flush table 100', ['route 10.9.0.0/16 table 100']],
  [
    'a local route that is gone',
    'ip route delete local 192.168.1.3 dev eth0 table local',
    ['route 192.168.1.3 dev eth0 table local'],
  ],
  [
    'a rule',
    'ip rule add to 192.168.1.100 priority 5 blackhole',
    ['rule priority 5 from all to 192.168.1.100 blackhole'],
  ],
  ['a rule that is gone', 'ip rule delete fwmark 1', ['rule priority 32765 from all fwmark 0x1 lookup 100']],
  ['a rule of IPv6', 'ip -6 rule add from fd00::/8 lookup 7', ['rule -6 priority 32765 from fd00::/8 lookup 7']],
  [
    'a neighbour of the wrong MAC',
    'ip neighbour replace 192.168.1.100 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
    ['neighbour 192.168.1.100 dev eth0'],
  ],
  ['a neighbour that is gone', 'ip neighbour delete 192.168.1.77 dev eth0', ['neighbour 192.168.1.77 dev eth0']],
  ['a proxy', 'ip neighbour add proxy 192.168.1.100 dev eth0', ['neighbour proxy 192.168.1.100 dev eth0']],
  ['a sysctl of a device', 'sysctl -qw net.ipv4.conf.eth0.rp_filter=1', ['sysctl net.ipv4.conf.eth0.rp_filter']],
  [
    'a sysctl of a list',
    'sysctl -qw net.ipv4.ip_local_reserved_ports=80,443',
    ['sysctl net.ipv4.ip_local_reserved_ports'],
  ],
  [
    'a sysctl of two numbers',
    'sysctl -qw "net.ipv4.ip_local_port_range=40000 40001"',
    ['sysctl net.ipv4.ip_local_port_range'],
  ],
  ['forwarding', 'sysctl -qw net.ipv4.ip_forward=1', ['sysctl net.ipv4.ip_forward']],
  [
    'no IPv6',
    'sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1',
    ['sysctl net.ipv6.conf.eth0.disable_ipv6', 'address eth0 fd00:1::2/64'],
  ],
  ['a smaller MTU', 'ip link set eth0 mtu 1400', ['link eth0 mtu']],
  ['no ARP', 'ip link set eth0 arp off', ['link eth0 noarp', flushed]],
  ['promiscuous', 'ip link set eth0 promisc on', ['link eth0 promisc']],
  ['another MAC', 'ip link set eth0 address 02:00:00:00:00:01', ['link eth0 mac', flushed]],
  [
    'a device that is down',
    'ip link set eth0 down',
    ['link eth0 up', 'address eth0 fd00:1::2/64', 'route default', 'route 10.9.0.0/16 table 100', flushed],
  ],
  ['a new device', 'ip link add other type veth peer name more', ['link other', 'link more']],
  ['a label of IPv6', 'ip addrlabel add prefix fd00:1::/64 label 99', ['label prefix fd00:1::/64 label 99']],
  ['a nexthop', 'ip nexthop add id 5 via 192.168.1.9 dev eth0', ['nexthop id 5 via 192.168.1.9 dev eth0 scope link']],
  ['another queue', 'tc qdisc replace dev eth0 root pfifo limit 1', ['qdisc eth0 root']],
];

/** A shell in namespaces of its own, where `setUp` has been done. */
async function begin() {
  const holder = spawn('unshare', [
    ...unshareArguments,
    'sh',
    '-c',
    'mount -t sysfs sysfs /sys; echo ready; exec sleep 600',
  ]);
  await once(holder.stdout, 'data');
  const enter = ['--target', String(holder.pid), ...unshareArguments.filter((one) => /^--(mount|net|ipc)$/.test(one))];
  const user = unshareArguments.includes('--user') ? ['--user', '--preserve-credentials'] : [];
  const sh = (input: string) =>
    execFileSync('nsenter', [...enter, ...user, 'sh', '-s'], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  sh(setUp);
  // Processes and file systems are those of this computer, and the far end of the cable is no part of the node.
  const here = ['process', 'busy', 'socket', 'mount', 'memory', 'disk', 'file', 'mode', 'limit'];
  const own = ({ section, key }: StateEntry) =>
    !here.includes(section) && !key.startsWith('far ') && !key.includes(' dev far');
  const read = (text = script) => parseState(sh(text), plan, node).filter(own);
  return { sh, read, end: () => holder.kill('SIGKILL') };
}

for (const [title, commands, told] of changes) {
  inNamespaces(`${title}: told, and undone by the command that is told`, async (t) => {
    const { sh, read, end } = await begin();
    try {
      const before = read();
      t.deepEqual(tell('director', before, read()), []);
      sh(commands);
      const found = tell('director', before, read());
      t.deepEqual(found.map(({ section, key }) => `${section} ${key}`).sort(), [...told].sort());
      for (const { undo } of found) sh(`${undo} || :`);
      t.deepEqual(tell('director', before, read()), []);
    } finally {
      end();
    }
  });
}

/**
 * Of those that change the same fact one is enough. Without a device or its addresses there is no way to what others have set with
 * them. A cable cannot be made again.
 */
const apart = [
  ...['an address that is gone', 'no gateway', 'no IPv6', 'a device that is down', 'another MAC', 'no ARP'],
  ...['an IPv6 address that is gone', 'a new device'],
];

const together = [
  ...changes.filter(([title]) => !apart.includes(title)).map(([, commands]) => commands),
  // A device with an address and a setting, neither of which can be before the device is there.
  'ip link add d0 type bridge; ip link set d0 up; ip address add 10.8.0.1/32 dev d0; sysctl -qw net.ipv4.conf.d0.arp_ignore=1',
];

inNamespaces('any of these changes together are brought about on a fresh machine', async (t) => {
  const some = fc.shuffledSubarray(together, { minLength: 4 });
  await fc.assert(
    fc.asyncProperty(some, async (made) => {
      const [theirs, fresh] = [await begin(), await begin()];
      try {
        const found = theirs.read();
        // One may take away what another one needs.
        for (const commands of made) theirs.sh(`${commands} || :`);
        const submitted = differences('director', found, theirs.read());
        const own = fresh.read();
        const { entries } = wished(own, submitted, plan);
        const hands = { run: async (text: string) => fresh.sh(`${text}:`), read: async () => fresh.read() };
        t.deepEqual(lasting(await bringToState('director', entries, own, hands)), []);
        t.deepEqual(lasting(tell('director', theirs.read(), fresh.read())), []);
      } finally {
        theirs.end();
        fresh.end();
      }
    }),
    { numRuns: Number(process.env.NAMESPACES ?? 3) },
  );
});

inNamespaces('a tool that fails, or that is killed, is said; what it does not print is not gone', async (t) => {
  const { read, end } = await begin();
  const bin = await mkdtemp(join(tmpdir(), 'lab-bin-'));
  try {
    await writeFile(join(bin, 'tc'), '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
    await writeFile(
      join(bin, 'ip'),
      `#!/bin/sh
PATH=\${PATH#*:}
case $* in
  *-batch*) ;;
  *) exec ip "$@" ;;
esac
read=$(cat)
case $read in *label*) exit 1 ;; esac
echo "$read" | ip "$@"
`,
      { mode: 0o755 },
    );
    const before = read();
    const after = read(`PATH=${bin}:$PATH\n${script}`);
    const found = comparable('director', before, after);
    const [label, queues] = found.unread;
    t.is(label, 'on director, label could not be read: ip ended with exit code 1');
    t.regex(queues ?? '', /^on director, qdisc(, class, filter)? could not be read: tc ended with exit code 137$/);
    t.deepEqual(tell('director', found.before, found.after), []);
  } finally {
    end();
    await removeTree(bin);
  }
});

inNamespaces('whatever is read of a node counts as what the kit reads', async (t) => {
  const { sh, end } = await begin();
  try {
    for (const commands of together) sh(`${commands} || :`);
    const kinds = ['dummy', 'bridge', 'ipip remote 10.7.7.7 local 192.168.1.2', 'gre remote 10.7.7.8', 'vrf table 9'];
    for (const [at, kind] of kinds.entries()) sh(`ip link add k${at} type ${kind} && ip link set k${at} up || :`);
    sh('ip link set far master k1; ip link add link far name far.5 type vlan id 5; ip link set far.5 up; :');
    sh('tc qdisc replace dev far root handle 7: htb; tc class add dev far parent 7: classid 7:1 htb rate 1mbit; :');
    const all = parseState(sh(script), plan, node).filter(({ section }) => section !== 'unread');
    t.deepEqual(
      all.filter((one) => !isReadable(one, plan)),
      [],
    );
    const met = new Set(all.map(({ section }) => section));
    for (const section of ['link', 'sysctl', 'address', 'route', 'rule', 'neighbour', 'file', 'mount'])
      t.true(met.has(section), section);
  } finally {
    end();
  }
});

inNamespaces('a drop-in of a unit that lasts until the next boot is read', async (t) => {
  const { sh, end } = await begin();
  try {
    const folder = '/run/systemd/system/apache2.service.d';
    sh(
      `mount -t tmpfs tmpfs /run; mkdir -p ${folder}; printf '[Service]\\nIPAddressDeny=any\\n' > ${folder}/deny.conf`,
    );
    const found = parseState(sh(script), plan, node).find(({ key }) => key === `${folder}/deny.conf`);
    t.like(found, { section: 'file', value: '[Service]\nIPAddressDeny=any' });
  } finally {
    end();
  }
});

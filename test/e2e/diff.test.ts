import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { run } from '../../scripts/host/exec.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('diff');
const lab = await LabCommand.inFreshFolder();

test.after(() => lab.end());

interface DiffDocument {
  nodes: {
    node: string;
    recorded: string | null;
    differences: { section: string; key: string; undo: string | null }[];
  }[];
}

/** What a person may do: the node, the command, and a key that is told. */
type Change = [node: string, command: string, key: string];

const ofAll: Change[] = [
  ['rs1', 'ip link set eth0 mtu 576', 'link front mtu'],
  ['rs1', 'tc qdisc replace dev eth0 root netem loss 40% delay 20ms', 'qdisc front root'],
  ['rs1', 'ip route add blackhole 203.0.113.0/24', 'route 203.0.113.0/24'],
  ['rs1', 'ip rule add to 203.0.113.1 priority 7 unreachable', 'rule priority 7 from all to 203.0.113.1 unreachable'],
  ['rs1', 'sysctl -qw net.core.somaxconn=1', 'sysctl net.core.somaxconn'],
  ['rs1', 'systemctl kill --signal=STOP apache2', 'process apache2.service'],
  ['rs1', 'chmod 600 /var/www/html/index.html', 'mode /var/www/html/index.html'],
  [
    'rs1',
    'nft add table inet bad; nft add chain inet bad in "{ type filter hook input priority 0; }"; nft add rule inet bad in tcp dport 80 drop',
    'nft table inet bad',
  ],
  ['rs2', 'iptables-legacy -A INPUT -s 203.0.113.9 -j DROP', 'iptables filter -A INPUT -s 203.0.113.9/32 -j DROP'],
  ['rs2', 'systemctl stop apache2', 'process apache2.service'],
  ['rs2', 'ethtool -K eth0 gro off', 'offload front generic-receive-offload'],
  ['rs2', 'echo "ALL: ALL" > /etc/hosts.deny', 'file /etc/hosts.deny'],
  ['rs2', 'ip link add dummy7 type dummy && ip address add 203.0.113.7/32 dev dummy7', 'link dummy7'],
  ['rs2', 'echo other > /proc/sys/kernel/hostname', 'sysctl kernel.hostname'],
  ['rs2', 'ip link set eth0 address 52:54:00:99:99:99', 'link front mac'],
  ['director', 'ipvsadm --set 1 1 1', 'ipvs timeouts'],
  ['director', 'sysctl -qw net.ipv4.vs.expire_nodest_conn=1', 'sysctl net.ipv4.vs.expire_nodest_conn'],
  ['client', 'ip link set eth0 promisc on', 'link front promisc'],
  [
    'client',
    'tc qdisc add dev eth0 clsact; tc filter add dev eth0 ingress protocol all matchall action drop',
    'qdisc front parent ffff:fff1',
  ],
];

const ofLabs: Record<string, Change[]> = {
  dr: [
    ['rs1', 'sysctl -qw net.ipv4.conf.all.arp_ignore=0', 'sysctl net.ipv4.conf.all.arp_ignore'],
    ['rs2', 'ip address delete 192.168.1.3/32 dev lo', 'address lo 192.168.1.3/32'],
    ['director', 'ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 0', 'ipvs -t 192.168.1.3:80 -r 192.168.1.4:80'],
    [
      'client',
      'ip neighbour replace 192.168.1.3 lladdr 52:54:00:00:00:09 dev eth0 nud permanent',
      'neighbour 192.168.1.3 dev front',
    ],
  ],
};

const title = 'nothing differs when it is up and when it was verified; what is changed is told, and undone as told';

for (const name of ['dr', 'nat', 'tun', 'ipv6-dr']) test(`lab ${name}: ${title}`, (t) => toldAndUndone(t, name, name));

test(`lab dr on Debian 12: ${title}`, async (t) => {
  const file = join(lab.folder, 'old.yaml');
  await writeFile(file, `release: 12\n${await readFile(join(projectRoot, 'labs/dr.yaml'), 'utf8')}`);
  await toldAndUndone(t, file, 'dr');
});

/** @param like the lab of the kit that it is like */
async function toldAndUndone(t: ExecutionContext, name: string, like: string): Promise<void> {
  const diff = async () => (await lab.json<DiffDocument>('diff', name)).document;
  const told = ({ nodes }: DiffDocument) =>
    nodes.flatMap(({ node, differences }) => differences.map(({ section, key }) => `${node} ${section} ${key}`));
  t.is((await lab.run('up', name)).code, 0);
  t.deepEqual(told(await diff()), []);
  t.is((await lab.run('verify', name)).code, 0);
  t.deepEqual(told(await diff()), []);

  const changes = [...ofAll, ...(ofLabs[like] ?? [])].map(([node, command, key]): Change => {
    // By NAT the only NIC of a real server is in the back network.
    return [node, command, like === 'nat' && node.startsWith('rs') ? key.replace(' front ', ' back ') : key];
  });
  for (const [node, command] of changes) await lab.on(name, node, command);
  const document = await diff();
  for (const [node, , key] of changes) t.true(told(document).includes(`${node} ${key}`), `${node} ${key}`);
  for (const { undo } of document.nodes.flatMap(({ differences }) => differences)) {
    if (undo !== null) await typed(undo);
  }
  t.deepEqual(told(await diff()), []);
  t.is((await lab.run('down', name)).code, 0);
}

/** Runs a command as it is printed. */
async function typed(command: string): Promise<void> {
  const program = `lab() { "${process.execPath}" "${join(projectRoot, 'bin/lab.js')}" "$@"; }`;
  await run('sh', ['-c', `${program}\n${command.replace(/^npx /, '')}`], { cwd: lab.folder, anyExitCode: true });
}

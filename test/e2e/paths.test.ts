import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { MethodFigures } from '../../scripts/comparison/methods.ts';
import { run } from '../../scripts/host/exec.ts';
import type { pathDocument } from '../../scripts/path/document.ts';
import { readPcapng } from '../capture/pcap.ts';
import { testsOf } from '../listed.ts';
import { planOf } from '../render/golden.ts';
import { ensureTools } from '../tools.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('paths');

interface Compared {
  labs: MethodFigures[];
}

type Path = ReturnType<typeof pathDocument>;

async function labUp(t: ExecutionContext, name: string, ...options: string[]): Promise<LabCommand> {
  const lab = await LabCommand.of(t, { lab: name });
  const { code, stderr } = await lab.run('up', name, ...options);
  t.is(code, 0, stderr);
  return lab;
}

/** What the ladder says in one line, for messages of tests. */
const said = ({ end, differences }: Path) => JSON.stringify({ end, differences: differences.map(({ text }) => text) });

const labs = [
  ['dr', 'nat', 'tun', 'ipv6-dr'],
  ['tun-gue', 'tun-gre', 'localnode', 'mixed-modes', 'tun-remote', 'ipv6-nat', 'ipv6-tun', 'udp-dns', 'sctp', 'fwmark'],
].flat();

for (const name of labs) {
  test(`lab ${name}: a request to each real server makes the hops of the plan`, async (t) => {
    const lab = await labUp(t, name);
    const { services } = await planOf(name);
    for (const server of services[0]?.destinations.map((one) => one.server) ?? []) {
      const { code, document } = await lab.json<Path>('path', name, '--to', server, '--pcapng', 'seen.pcapng');
      t.is(code, 0, `${server}: ${said(document)}`);
      t.is(document.server, server);
      t.is(document.captured, 'at the switches');
      const read = readPcapng(await readFile(join(lab.folder, 'seen.pcapng')));
      t.true(read.packets.some(({ comments }) => comments.length > 0));
    }
  });
}

test('lab compare: NAT, DR and TUN by packets and bytes, and the labs are ended', async (t) => {
  const lab = await LabCommand.of(t, { lab: 'nat' });
  t.teardown(() => lab.end());
  const { code, document } = await lab.json<Compared>('compare', 'nat', 'dr', 'tun', '--requests', '3');
  t.is(code, 0);
  const carried = (name: string, load: string, side: 'in' | 'out') =>
    document.labs.find((one) => one.lab === name)?.loads.find((one) => one.load === load)?.director?.[side];
  for (const load of ['page', 'download', 'upload']) {
    // What comes to a director goes on, a request each in one direction or both.
    for (const name of ['nat', 'dr']) {
      t.deepEqual(carried(name, load, 'in'), carried(name, load, 'out'), `${name}, ${load}`);
    }
  }
  // Longer packets may not fit into the tunnel, and are sent again.
  t.deepEqual(carried('tun', 'page', 'in')?.packets, carried('tun', 'page', 'out')?.packets);
  t.true((carried('nat', 'download', 'in')?.bytes.median ?? 0) > 20_000);
  t.true((carried('dr', 'download', 'in')?.bytes.median ?? 20_000) < 5000);
  t.deepEqual(
    document.labs.map(({ rewritten }) => [rewritten.there?.addedBytes, rewritten.back?.addedBytes]),
    [
      [0, 0],
      [0, undefined],
      [20, undefined],
    ],
  );
  for (const { loads } of document.labs)
    for (const { connections, entries } of loads) t.deepEqual([connections, entries], [3, 3]);
  for (const name of ['nat', 'dr', 'tun']) t.deepEqual(await lab.processes(name), [], name);
});

test('tshark reads the capture of a path: networks, names and comments', async (t) => {
  await ensureTools({ tshark: 'tshark' });
  const lab = await labUp(t, 'nat');
  const { code, stderr } = await lab.run('path', 'nat', '--pcapng', 'nat.pcapng');
  t.is(code, 0, stderr);
  const fields = ['frame.interface_name', 'frame.comment', 'ip.dst_host'].flatMap((field) => ['-e', field]);
  const shown = await run('tshark', ['-N', 'n', '-r', join(lab.folder, 'nat.pcapng'), '-T', 'fields', ...fields]);
  t.regex(shown.stdout, /^front\tSYN, hop 1: client → director on front.*\tdirector$/m);
  t.regex(shown.stdout, /^back\tSYN, hop 2: director → rs\d on back,rr chose rs\d.*\trs\d$/m);
  const { stderr: complaints } = await run('tshark', ['-r', join(lab.folder, 'nat.pcapng'), '-q'], {
    anyExitCode: true,
  });
  t.notRegex(complaints, /malformed|cut short|appears to/i);
});

const ends: [title: string, make: string, what: RegExp, reason: string | undefined][] = [
  ['no VIP', 'ip address del 192.168.1.3/32 dev lo', /reached rs1; it sent nothing back$/, 'IP_INADDRERRORS'],
  ['no daemon', 'systemctl stop apache2', /^rs1 refused the connection with RST$/, 'NO_SOCKET'],
  [
    'a firewall',
    'nft -f - <<< "table inet t { chain c { type filter hook input priority 0; tcp dport 80 drop; }; }"',
    /reached rs1; it sent nothing back$/,
    'NETFILTER_DROP',
  ],
];

test('a real server without VIP, without daemon, or behind a firewall: the ladder ends there, with the kernel’s reason', async (t) => {
  const lab = await labUp(t, 'dr');
  for (const [title, make, what, reason] of ends) {
    await lab.on('dr', 'rs1', `bash -c '${make}'`);
    const { code, document } = await lab.json<Path>('path', 'dr', '--to', 'rs1');
    t.is(code, 1, title);
    t.is(document.end?.node, 'rs1', title);
    t.regex(document.end?.what ?? '', what, title);
    const drops = document.packets.flatMap(({ hops }) => hops.flatMap(({ drop }) => drop?.reason ?? []));
    t.deepEqual([...new Set(drops)], reason ? [reason] : [], title);
    t.is((await lab.run('up', 'dr')).code, 0, title);
  }
});

test('nothing of a path stays on a node: no trace, no capture, no mount', async (t) => {
  const lab = await labUp(t, 'dr');
  const look = 'grep -c tracefs /proc/mounts; ls /run | grep lvs-lab; pgrep tcpdump; true';
  const before = await lab.on('dr', 'director', look);
  t.is((await lab.run('path', 'dr')).code, 0);
  t.is(await lab.on('dr', 'director', look), before);
});

test('lab capture writes the networks that are named, and ends after so many frames', async (t) => {
  const lab = await labUp(t, 'nat');
  const capturing = lab.json<{ frames: number }>(
    'capture',
    'nat',
    'back',
    '-w',
    'back.pcapng',
    '--packets',
    '6',
    '--seconds',
    '60',
  );
  let over = false;
  const ended = capturing.finally(() => {
    over = true;
  });
  while (!over) await lab.on('nat', 'client', 'curl -s -m 5 http://192.168.1.10/ > /dev/null');
  const { code, document } = await ended;
  t.is(code, 0);
  t.is(document.frames, 6);
  const read = readPcapng(await readFile(join(lab.folder, 'back.pcapng')));
  t.deepEqual([...new Set(read.packets.map(({ at }) => read.interfaces[at]))], ['back']);
});

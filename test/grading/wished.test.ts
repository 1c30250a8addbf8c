import test from 'ava';
import fc from 'fast-check';
import { leftSentences } from '../../scripts/grading/left.ts';
import { wished } from '../../scripts/grading/wished.ts';
import { differences, type StateEntry } from '../../scripts/state/state.ts';
import { planOf } from '../render/golden.ts';

const plan = await planOf('dr');

const keys: Record<string, fc.Arbitrary<string>> = {
  address: fc.constantFrom('front 10.0.0.1/24', 'lo 10.0.0.9/32', 'lo 10.0.0.8/32'),
  sysctl: fc.constantFrom('net.ipv4.ip_forward', 'net.ipv4.conf.all.arp_ignore'),
  ipvs: fc.constantFrom('-t 10.0.0.9:80', '-t 10.0.0.9:80 -r 10.0.0.1:80'),
  file: fc.constantFrom('/etc/hosts', '/var/www/html/index.html'),
};

const entry = fc
  .constantFrom(...Object.keys(keys))
  .chain((section) =>
    fc.record({ section: fc.constant(section), key: keys[section] as fc.Arbitrary<string>, value: fc.string() }),
  );

const state = fc.uniqueArray(entry, { selector: ({ section, key }) => `${section}\n${key}` });

const sorted = (entries: readonly StateEntry[]) =>
  [...entries].map(({ section, key, value }) => `${section}\n${key}\n${value}`).sort();

test('a fresh state with what a student has changed is the state that the student had', (t) => {
  fc.assert(
    fc.property(state, state, (fresh, had) => {
      const submitted = differences('rs1', fresh, had);
      const { entries, impossible } = wished(fresh, submitted, plan);
      t.deepEqual(sorted(entries), sorted(had));
      t.deepEqual(impossible, []);
      t.deepEqual(differences('rs1', had, entries), []);
    }),
  );
});

test('what the kit could not have read is not carried over, and said', (t) => {
  const changed = (section: string, key: string) => ({ section, key, after: 'x' });
  const hostile = [
    changed('file', '/usr/bin/curl'),
    changed('file', '/etc/../usr/bin/curl'),
    changed('mode', '/root/.ssh'),
    changed('file', 'etc/hosts'),
    changed('program', 'x'),
    changed('unread', 'nft'),
    changed('constructor', 'x'),
    changed('file', '/etc/passwd'),
    changed('file', '/etc/ld.so.preload'),
    changed('file', '/etc/cron.d/x'),
    changed('file', '/etc/keepalived/.hidden'),
    changed('file', '/etc/keepalived/more/x.conf'),
    changed('file', '/etc/hosts/../passwd'),
    changed('file', '/etc/php/8/../../x/fpm/pool.d/y.conf'),
    changed('file', '/run/systemd/system/x.service'),
    changed('file', '/var/lib/nfs/etab'),
    changed('mode', '/etc'),
    changed('mode', '/etc/shadow'),
    changed('sysctl', 'kernel.core_pattern'),
    changed('sysctl', 'kernel.modprobe'),
    changed('sysctl', 'net.ipv4.conf.management.arp_ignore'),
    changed('sysctl', 'net.ipv6.conf.front.forwarding'),
    changed('module', 'evil'),
    changed('nic', 'nowhere'),
    changed('link', 'front ifindex'),
    changed('mount', 'relative'),
    changed('limit', 'apache2.service cpu.weight'),
    changed('process', 'systemd'),
    changed('process', 'lab-ssh.service'),
    changed('file', '/etc/keepalived/'),
    changed('ipvs', '-Z'),
    { section: 'mount', key: '/proc', after: 'proc proc rw' },
  ];
  const harmless = [
    ...['/etc/hosts', '/etc/keepalived/keepalived.conf', '/etc/systemd/system/lab-ssh.service'].map((key) =>
      changed('file', key),
    ),
    ...['/etc/systemd/system/x.service.d/y.conf', '/etc/php/8.2/fpm/pool.d/www.conf'].map((key) =>
      changed('file', key),
    ),
    ...['/var/www/html/index.html', '/run/systemd/system.control/a.slice.d/50-x.conf'].map((key) =>
      changed('file', key),
    ),
    ...['/var/www', '/var/www/html/page', '/etc/systemd/system/x'].map((key) => changed('mode', key)),
    ...['fs.file-max', 'net.ipv4.vs.conntrack', 'net.ipv4.conf.lo.arp_ignore'].map((key) => changed('sysctl', key)),
    ...['net.ipv6.conf.front.disable_ipv6', 'net.core.somaxconn'].map((key) => changed('sysctl', key)),
    ...['net.ipv4.conf.eth0/5.rp_filter', 'net.ipv4.neigh.default.gc_thresh1'].map((key) => changed('sysctl', key)),
    ...['front mtu', 'tun1', 'tun1 ipip.remote'].map((key) => changed('link', key)),
    ...['-t 10.0.0.9:80', '-f 8 -6 -r [fd00::1]:80', 'daemon master'].map((key) => changed('ipvs', key)),
    ...['apache2.service', 'perl', 'nfsd'].map((key) => changed('process', key)),
    changed('limit', 'apache2.service memory.max'),
    { section: 'mount', key: '/var/www/html', after: '172.16.1.8:/html nfs4 rw' },
  ];
  const { entries, impossible } = wished([], [...hostile, ...harmless], plan);
  t.deepEqual(impossible, hostile);
  t.is(entries.length, harmless.length);
});

test('what comes and goes by itself is neither carried over nor said', (t) => {
  const { entries, impossible } = wished(
    [],
    [{ section: 'busy', key: 'perl', after: 'perl takes a whole core' }],
    plan,
  );
  t.deepEqual([entries, impossible], [[], []]);
});

test('what is left is named with its reason, and not all of it where it is much', (t) => {
  const left = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ section: 'process', key: `p${at}\nsecond line`, undo: undefined }));
  t.deepEqual(leftSentences('rs1', [], []), []);
  t.deepEqual(leftSentences('rs1', [], left(1)), [
    'rs1: 1 thing is not as the student left it, because the kit has no command for it: process p0',
  ]);
  t.deepEqual(leftSentences('rs1', [{ section: 'file', key: '/root/\u001b[2J' }], left(5)), [
    'rs1: 1 thing is not as the student left it, because the kit does not read it: file /root/?[2J',
    'rs1: 5 things are not as the student left them, because the kit has no command for them: process p0, process p1, process p2, …',
  ]);
  t.deepEqual(leftSentences('rs1', [], [{ section: 'module', key: 'ip_vs', undo: 'modprobe ip_vs' }, ...left(1)]), [
    'rs1: 1 thing is not as the student left it, because the kit has no command for it: process p0',
    'rs1: 1 thing is not as the student left it, though the kit’s command for it was run: module ip_vs',
  ]);
});

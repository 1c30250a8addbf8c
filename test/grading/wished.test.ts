import test from 'ava';
import fc from 'fast-check';
import { leftSentence } from '../../scripts/grading/left.ts';
import { wished } from '../../scripts/grading/wished.ts';
import { differences, type StateEntry } from '../../scripts/state/state.ts';

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
      const { entries, impossible } = wished(fresh, submitted);
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
  ];
  const harmless = [changed('file', '/etc/keepalived/keepalived.conf'), changed('mode', '/var/www')];
  const { entries, impossible } = wished([], [...hostile, ...harmless]);
  t.deepEqual(impossible, hostile);
  t.is(entries.length, harmless.length);
});

test('what comes and goes by itself is neither carried over nor said', (t) => {
  const { entries, impossible } = wished([], [{ section: 'busy', key: 'perl', after: 'perl takes a whole core' }]);
  t.deepEqual([entries, impossible], [[], []]);
});

test('what is left is named, and not all of it where it is much', (t) => {
  const left = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ section: 'process', key: `p${at}\nsecond line` }));
  t.is(leftSentence('rs1', []), undefined);
  t.is(leftSentence('rs1', left(1)), 'rs1: 1 thing is not as the student left it: process p0');
  t.is(
    leftSentence('rs1', [{ section: 'file', key: '/etc/\u001b[2J' }]),
    'rs1: 1 thing is not as the student left it: file /etc/?[2J',
  );
  t.is(
    leftSentence('rs1', left(5)),
    'rs1: 5 things are not as the student left them: process p0, process p1, process p2, …',
  );
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { sections } from '../../scripts/checks/looks/sections.ts';
import { LineError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseConnections, parseTable } from '../../scripts/ipvs/parse.ts';
import { parseStats } from '../../scripts/ipvs/stats.ts';
import { completeTable, formatRules, parseRules, type TableService } from '../../scripts/ipvs/table.ts';

/** What the directors of both releases printed for the same table: TCP, UDP, SCTP, marks, IPv6, thresholds. */
async function recorded(release: number): Promise<(name: string) => string> {
  const text = await readFile(join(projectRoot, 'test/recorded', `director-debian${release}.txt`), 'utf8');
  const parts = sections(text);
  return (name) => parts.get(name) ?? '';
}

for (const release of [12, 13]) {
  test(`Debian ${release}: the table is read whole, with thresholds and in the kernel's order`, async (t) => {
    const said = await recorded(release);
    const table = completeTable(said('save'), said('thresholds'), said('proc'));
    t.deepEqual(
      table.map(({ name, scheduler, options, servers }) => [name, scheduler, options, servers.length]),
      [
        ['-t 192.168.1.3:80', 'rr', '', 2],
        ['-u 192.168.1.3:53', 'wrr', '-o', 1],
        ['-u 192.168.1.3:5060', 'rr', '-p 60 --pe sip', 1],
        ['--sctp-service 192.168.1.3:99', 'rr', '', 1],
        ['-t [fd00::3]:80', 'mh', '-b mh-port', 1],
        ['-f 7', 'sh', '-p 300 -M 255.255.255.0 -b sh-fallback,sh-port', 2],
        ['-f 8 -6', 'rr', '', 0],
      ],
    );
    t.like(table[1]?.servers[0], { weight: 3, upper: 10, lower: 5 });
    t.like(table[5]?.servers[0], { forwarding: 'tun', tunnel: '--tun-type ipip' });
    t.deepEqual(parseRules(formatRules(table)), table);
  });

  test(`Debian ${release}: /proc/net/ip_vs with IPv6 and marks; statistics`, async (t) => {
    const said = await recorded(release);
    const services = parseTable(said('proc'));
    t.is(services.length, 7);
    t.like(
      services.find(({ ipv6 }) => ipv6),
      { vip: 'fd00::3', port: 80 },
    );
    t.is(services.find(({ mark }) => mark === 7)?.destinations.length, 2);
    const stats = parseStats(said('stats'));
    t.is(stats.length, 7);
    t.like(stats[0], { service: 'TCP 192.168.1.3:80', connections: 12, outPackets: 0 });
    t.deepEqual(
      stats[0]?.servers.map(({ server, connections }) => [server, connections]),
      [
        ['192.168.1.4:80', 6],
        ['192.168.1.5:80', 6],
      ],
    );
    t.is(parseStats(said('rate')).at(-1)?.service, 'FWM 8 IPv6');
    t.is(parseConnections(said('conn')).length, 4);
  });
}

test('real servers that ipvsadm-save sorts come back in the order they were added in', (t) => {
  const saved =
    '-A -t 1.1.1.1:80 -s rr\n-a -t 1.1.1.1:80 -r 2.2.2.1:80 -g -w 1\n-a -t 1.1.1.1:80 -r 2.2.2.2:80 -g -w 1\n';
  const proc =
    'TCP  01010101:0050 rr \n  -> 02020201:0050      Route   1      0          0\n  -> 02020202:0050      Route   1      0          0\n';
  // The kernel has .1 at the head, so .2 was added first.
  t.deepEqual(
    completeTable(saved, '', proc)[0]?.servers.map(({ address }) => address),
    ['2.2.2.2', '2.2.2.1'],
  );
});

const address = fc.oneof(fc.ipV4(), fc.constantFrom('fd00::4', '2001:db8::1'));
const server = fc.record({
  address,
  port: fc.integer({ min: 0, max: 65535 }),
  forwarding: fc.constantFrom('nat' as const, 'dr' as const, 'tun' as const),
  weight: fc.integer({ min: 0, max: 65535 }),
  upper: fc.integer({ min: 0, max: 99999 }),
  lower: fc.integer({ min: 0, max: 99999 }),
  tunnel: fc.constantFrom(
    '',
    '--tun-type ipip',
    '--tun-type gue --tun-port 6080 --tun-nocsum',
    '--tun-type gre --tun-csum',
  ),
});
const service = fc.record({
  name: fc.constantFrom(
    '-t 192.168.1.3:80',
    '-u 192.168.1.3:53',
    '--sctp-service 10.0.0.1:99',
    '-t [fd00::3]:80',
    '-f 7',
    '-f 8 -6',
  ),
  scheduler: fc.constantFrom('rr', 'wrr', 'mh'),
  options: fc.constantFrom('', '-o', '-p 300', '-p 300 -M 255.255.255.0 -b mh-fallback,mh-port', '-p 60 --pe sip'),
  servers: fc.array(server, { maxLength: 5 }),
});

test('writing a table and reading it again changes nothing', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(service, { selector: ({ name }) => name }), (table: TableService[]) => {
      t.deepEqual(parseRules(formatRules(table)), table);
    }),
  );
});

test('whatever else is read, it is a table or a mistake with its line', (t) => {
  const words = fc.constantFrom(
    '-A',
    '-a',
    '-t',
    '-r',
    '1.2.3.4:80',
    '[::1]:80',
    '-s',
    'rr',
    '-w',
    '-f',
    '7',
    '\n',
    'x',
    '-g',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 20 }), (all) => {
      try {
        parseRules(all.join(' '));
      } catch (error) {
        if (!(error instanceof LineError) || error.line < 1) throw error;
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

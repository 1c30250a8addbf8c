import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError, LineError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { importKeepalived } from '../../scripts/import/from-keepalived.ts';
import { importRules } from '../../scripts/import/from-rules.ts';
import { labOf } from '../../scripts/import/to-lab-file.ts';
import { parseLab } from '../../scripts/model/parse.ts';

const labFrom = (text: string) => parseLab(text, { name: 'imported', file: 'imported.yaml' }).lab;

test('keepalived.conf: one service becomes a lab, and everything else is named', async (t) => {
  const text = await readFile(join(projectRoot, 'test/recorded/keepalived.conf'), 'utf8');
  const { text: yaml, left } = labOf(importKeepalived(text), 'keepalived.conf');
  const lab = labFrom(yaml);
  t.is(lab.mode, 'dr');
  t.deepEqual(
    lab.realServers.map(({ name, address, weight, uthreshold }) => [name, address, weight, uthreshold]),
    [
      ['rs1', '192.168.1.4', 3, 100],
      ['rs2', '192.168.1.5', 1, 0],
    ],
  );
  t.like(lab.service, { port: 443, scheduler: 'wrr', persistence: 50, persistenceGranularity: '255.255.255.0' });
  t.deepEqual(left, [
    'global_defs (line 2)',
    'vrrp_instance VI_1 (line 5)',
    'service mark 3 with 1 real server: a lab has one TCP service',
    'delay_loop 6 (line 13)',
    'sorry_server 10.1.1.9 80 (line 19)',
    'SSL_GET of real server 10.1.1.2 (line 23)',
    'TCP_CHECK of real server 10.1.1.3 (line 29)',
    'TLS: port 443 is served as plain HTTP',
  ]);
  for (const loss of left) t.true(yaml.includes(`#   ${loss}\n`), loss);
});

test('ipvsadm-save: NAT with mapped ports, thresholds, flags, a forwarding method of its own', (t) => {
  const { text, left } = labOf(
    importRules(`-A -t 198.51.100.1:80 -s mh -p 300 -b mh-fallback,mh-port
-a -t 198.51.100.1:80 -r 10.0.0.1:8080 -m -w 5 -x 9 -y 3
-a -t 198.51.100.1:80 -r 10.0.0.2:80 -m -w 0
-a -t 198.51.100.1:80 -r 10.0.0.3:80 -g -w 1
-A -u 198.51.100.1:53 -s rr -o
`),
    'rules.txt',
  );
  const lab = labFrom(text);
  t.is(lab.mode, 'nat');
  t.deepEqual(
    lab.realServers.map((one) => [one.mode, one.port, one.weight, one.uthreshold, one.lthreshold]),
    [
      ['nat', 8080, 5, 9, 3],
      ['nat', 80, 0, 0, 0],
      ['dr', 80, 1, 0, 0],
    ],
  );
  t.deepEqual(lab.service.flags, ['mh-fallback', 'mh-port']);
  t.deepEqual(left, ['service UDP 198.51.100.1:53 with 0 real servers: a lab has one TCP service']);
});

const mistakes: [title: string, read: () => unknown, line: number, what: RegExp][] = [
  ['a block that never ends', () => importKeepalived('\nvirtual_server 1.2.3.4 80 {\n'), 2, /never ends/],
  ['a brace too many', () => importKeepalived('}\n'), 1, /too many/],
  ['a port that is none', () => importKeepalived('virtual_server 1.2.3.4 http {\n}\n'), 1, /"http" is no number/],
  [
    'an unknown method',
    () => importKeepalived('virtual_server 1.2.3.4 80 {\n lvs_method XY\n}\n'),
    1,
    /XY is not known/,
  ],
  [
    'a line that is none of ipvsadm’s',
    () => importRules('-A -t 1.2.3.4:80 -s rr\nhello\n'),
    2,
    /no line of ipvsadm-save/,
  ],
  ['a server of no service', () => importRules('-a -t 1.2.3.4:80 -r 1.2.3.5:80 -g -w 1\n'), 1, /no -A line/],
];

for (const [title, read, line, what] of mistakes) {
  test(`refused, with its line: ${title}`, (t) => {
    const error = t.throws(read, { instanceOf: LineError });
    t.is(error?.line, line);
    t.regex(error?.message ?? '', what);
  });
}

test('whatever is in the file: a lab that can be read, or an error with a line', (t) => {
  const words = fc.constantFrom(
    ...[
      'virtual_server',
      '1.2.3.4',
      '80',
      '{',
      '}',
      '\n',
      'real_server',
      'weight',
      '99999999',
      'lb_kind',
      'NAT',
      'protocol',
    ],
    ...[
      '-A',
      '-a',
      '-t',
      '1.2.3.4:80',
      '-r',
      '[::1]:80',
      '-s',
      'rr',
      '"',
      '#',
      '!',
      'persistence_timeout',
      'uthreshold',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 30 }), fc.boolean(), (all, keepalived) => {
      const text = all.join(' ');
      try {
        labFrom(labOf(keepalived ? importKeepalived(text) : importRules(text), 'x').text);
      } catch (error) {
        const known = error instanceof LineError || error instanceof RangeError || error instanceof LabFileError;
        if (!known) throw error;
      }
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

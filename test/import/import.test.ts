import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { LabFileError } from '../../scripts/errors.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { readIncluded } from '../../scripts/host/included-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { ChoiceError } from '../../scripts/import/choose.ts';
import { convert } from '../../scripts/import/import.ts';
import type { LabText } from '../../scripts/import/to-lab-file.ts';
import { leftSentences } from '../../scripts/import/wording.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import type { CaseOptions } from './golden.ts';

const none = (pattern: string) => `there is no such file: ${pattern}`;
const made = (text: string, options: CaseOptions = {}) =>
  convert([{ name: 'x', text }], 'x', { ...options, included: none });
const labOf = ({ text }: LabText) => parseLab(text, { name: 'imported', file: 'imported.yaml' }).lab;

test('keepalived.conf: its virtual servers become a lab, and what a lab cannot have are values with line, place and reason', async (t) => {
  const text = await readFile(join(projectRoot, 'test/recorded/keepalived.conf'), 'utf8');
  const result = made(text);
  const { mode, services } = labOf(result);
  t.is(mode, 'dr');
  t.like(services[0], { scheduler: 'wrr', persistence: 50, persistenceGranularity: '255.255.255.0' });
  t.deepEqual(services[0]?.endpoints, [{ port: 443, backend: 'https' }]);
  t.deepEqual(
    services.map(({ destinations }) => destinations.map((one) => [one.server, one.weight, one.uthreshold])),
    [
      [
        ['rs1', 3, 100],
        ['rs2', 1, 0],
      ],
      [['rs1', 1, 0]],
    ],
  );
  t.is(services[1]?.fwmark, 3);
  t.deepEqual(result.left[0], {
    file: 'x',
    line: 3,
    statement: 'router_id LVS_1',
    of: 'global_defs',
    why: 'it names keepalived, or tunes its processes',
    within: 0,
  });
  const comments = result.text.replace(/\n# +/g, ' ');
  for (const one of leftSentences(result.left)) t.true(comments.includes(` ${one}`), one);
});

test('several services over the same real servers, mapped ports, thresholds, flags, another method', (t) => {
  const result = made(`-A -t 198.51.100.1:80 -s mh -p 300 -b mh-fallback,mh-port
-a -t 198.51.100.1:80 -r 10.0.0.1:8080 -m -w 5 -x 9 -y 3
-a -t 198.51.100.1:80 -r 10.0.0.2:80 -m -w 0
-a -t 198.51.100.1:80 -r 10.0.0.3:80 -g -w 1
-A -u 198.51.100.2:53 -s rr -o
-a -u 198.51.100.2:53 -r 10.0.0.1:53 -m -w 1
-A -u 198.51.100.2:5353 -s rr
-a -u 198.51.100.2:5353 -r 10.0.0.1:5353 -m -w 1
-A -t 198.51.100.2:25 -s wlc
`);
  const { mode, services, realServers } = labOf(result);
  t.is(mode, 'nat');
  t.deepEqual(
    realServers.map((one) => one.mode),
    ['nat', 'nat', 'dr'],
  );
  t.deepEqual(
    services[0]?.destinations.map((one) => [one.server, one.port, one.weight, one.uthreshold, one.lthreshold]),
    [
      ['rs1', 8080, 5, 9, 3],
      ['rs2', 80, 0, 0, 0],
      ['rs3', 80, 1, 0, 0],
    ],
  );
  t.deepEqual(services[0]?.flags, ['mh-fallback', 'mh-port']);
  t.like(services[1], { vip: '192.168.1.201', protocol: 'udp', ops: false });
  t.deepEqual(leftSentences(result.left), [
    'x:5: -o, in -A -u 198.51.100.2:53: one-packet scheduling works over UDP only, and not by nat',
    'x:7: -A -u 198.51.100.2:5353, with the 2 statements in it: dnsmasq serves one port, and another service has it',
    'x:8: -a -u 198.51.100.2:5353 -r 10.0.0.1:5353, with the 4 statements in it: its service is left',
    'x:9: -A -t 198.51.100.2:25, with the 2 statements in it: it has no real server',
  ]);
});

test('what a lab has no room for is named: ports of sshd, a mark beyond 32 bits, a flag that no lab file has', (t) => {
  const result = made(`-A -t 10.0.0.1:53 -s rr
-a -t 10.0.0.1:53 -r 10.1.0.1:53 -g -w 1
-A -t 10.0.0.1:22 -s rr
-a -t 10.0.0.1:22 -r 10.1.0.1:22 -g -w 1
-A -f 5000000000 -s rr
-A -t 10.0.0.2:80 -s rr -b flag-2
-a -t 10.0.0.2:80 -r 10.1.0.1:80 -m -w 1
`);
  t.deepEqual(leftSentences(result.left), [
    'x:3: -A -t 10.0.0.1:22, with the 2 statements in it: other services use its ports on the real servers',
    'x:4: -a -t 10.0.0.1:22 -r 10.1.0.1:22, with the 4 statements in it: its service is left',
    'x:5: -A -f 5000000000, with the 2 statements in it: ipvsadm refuses it: "5000000000" is not a mark',
    'x:6: -b flag-2, in -A -t 10.0.0.2:80: flag flag-2 is none of rr in a lab file',
    'x:7: -m, in -a -t 10.0.0.2:80 -r 10.1.0.1:80: by nat here, but by dr in another service: in the lab it is by dr',
  ]);
});

test('a real server with an address of the director is the director; a port that DR ignores is named', (t) => {
  const result = made(`ipvsadm -A -t 192.0.2.1:80 -s rr
ipvsadm -a -t 192.0.2.1:80 -r 127.0.0.1:80 -g
ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.2:8080 -g
ipvsadm -A -t 192.0.2.9:443 -s rr
ipvsadm -a -t 192.0.2.9:443 -r 192.0.2.1:443 -g
ipvsadm -a -t 192.0.2.9:443 -r 10.0.0.1:80 -m
`);
  t.deepEqual(
    labOf(result).services.map(({ destinations }) => destinations.map(({ server, local }) => `${server} ${local}`)),
    [
      ['director true', 'rs2 false'],
      ['director true', 'rs3 false'],
    ],
  );
  t.deepEqual(leftSentences(result.left), [
    "x:3: -a -t 192.0.2.1:80 -r 192.0.2.2:8080: port 8080: dr can't change ports, so packets arrive at the port of the service",
  ]);
});

test('files of several kinds make one lab, each with its own lines', (t) => {
  const keepalived =
    'virtual_server 192.0.2.1 80 {\n protocol TCP\n lvs_method DR\n quorum 2\n real_server 10.0.0.1 80 {\n }\n}\n';
  const sources = [
    { name: 'a.conf', text: keepalived },
    { name: 'b.sh', text: 'ipvsadm -A -t 192.0.2.2:80\nipvsadm -a -t 192.0.2.2:80 -r 10.0.0.1\nuname\n' },
  ];
  const result = convert(sources, 'both', { included: none });
  t.deepEqual(
    labOf(result).services.map(({ destinations }) => destinations.map(({ server }) => server)),
    [['rs1'], ['rs1']],
  );
  t.deepEqual(
    result.left.map(({ file, line, statement }) => `${file}:${line} ${statement}`),
    ['a.conf:4 quorum 2', 'b.sh:3 uname'],
  );
});

test('include reads files by their names and by patterns, and names those that are not there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-lab-include-'));
  t.teardown(() => removeTree(folder));
  await mkdir(join(folder, 'rs.d'));
  await writeFile(join(folder, 'rs.d/2.conf'), 'real_server 10.0.0.2 80 {\n}\ninclude more.conf\n');
  await writeFile(join(folder, 'rs.d/1.conf'), 'real_server 10.0.0.1 80 {\n}\n');
  await writeFile(join(folder, 'rs.d/more.conf'), 'real_server 10.0.0.3 80 {\n}\n');
  const main = {
    name: join(folder, 'keepalived.conf'),
    text: 'virtual_server 192.0.2.1 80 {\n protocol TCP\n include rs.d/[12].conf\n include absent.conf # comment\n}\n',
  };
  const result = convert([main], 'x', { included: await readIncluded([main]) });
  t.deepEqual(
    labOf(result).services[0]?.destinations.map(({ server }) => server),
    ['rs1', 'rs2', 'rs3'],
  );
  t.regex(result.text, /10\.0\.0\.1 is rs1.*10\.0\.0\.2 is rs2.*10\.0\.0\.3 is rs3/s);
  t.deepEqual(
    result.left.map(({ line, why }) => [line, why]),
    [[4, `${join(folder, 'absent.conf')}: there is no such file`]],
  );
});

const mistakes: [title: string, text: string, line: number, what: RegExp][] = [
  ['a block that never ends', '\nvirtual_server 1.2.3.4 80 {\n', 2, /never ends/],
  ['a sequence that is none', 'virtual_server 1.2.3.4 80 {\n ~SEQ(N) x\n}\n', 2, /not a sequence/],
  ['definitions that contain themselves', '$A=b $A\nvirtual_server 1.2.3.4 80 {\n $A\n}\n', 3, /contain themselves/],
  [
    'a port that is none',
    'virtual_server 1.2.3.4 http {\n real_server 1.2.3.5 80 {\n }\n}\n',
    1,
    /"http" is not a port/,
  ],
  ['a real server without address', 'virtual_server 1.2.3.4 80 {\n real_server {\n }\n}\n', 2, /not an address/],
  ['names instead of numbers', 'ipvsadm -A -t www.example.com:http -s rr\n', 1, /ipvsadm-save -n writes numbers/],
  ['a server of no service', '-a -t 1.2.3.4:80 -r 1.2.3.5:80 -g -w 1\n', 1, /Service not defined/],
  ['nothing that import knows', 'hello\n', 1, /knows nothing in it/],
];

for (const [title, text, line, what] of mistakes) {
  test(`refused, with its line: ${title}`, (t) => {
    const error = t.throws(() => made(text), { instanceOf: LabFileError });
    const found = error?.problems.find((one) => what.test(one.what));
    t.is(found?.line, line, JSON.stringify(error?.problems));
  });
}

test('services that do not exist are not chosen, and those that do are listed', (t) => {
  const text = '-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1\n';
  const error = t.throws(() => made(text, { services: ['192.0.2.7'] }), { instanceOf: ChoiceError });
  t.deepEqual(error?.services, ['TCP 192.0.2.1:80, 1 real server']);
  for (const name of ['192.0.2.1', '192.0.2.1:80', 'tcp/192.0.2.1:80', 'tcp 192.0.2.1:80']) {
    t.is(labOf(made(text, { services: [name] })).services.length, 1, name);
  }
});

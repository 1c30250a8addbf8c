import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LineError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { importKeepalived } from '../../scripts/import/from-keepalived.ts';
import { importRules } from '../../scripts/import/from-rules.ts';
import { notImportable } from '../../scripts/import/other-formats.ts';
import { labOf } from '../../scripts/import/to-lab-file.ts';
import { parseLab } from '../../scripts/model/parse.ts';

const labFrom = (text: string) => parseLab(text, { name: 'imported', file: 'imported.yaml' }).lab;

test('keepalived.conf: its virtual servers become a lab, and everything else is named', async (t) => {
  const text = await readFile(join(projectRoot, 'test/recorded/keepalived.conf'), 'utf8');
  const { text: yaml, notCarriedOver } = labOf(importKeepalived(text), 'keepalived.conf');
  const { mode, services } = labFrom(yaml);
  t.is(mode, 'dr');
  t.like(services[0], { scheduler: 'wrr', persistence: 50, persistenceGranularity: '255.255.255.0' });
  t.deepEqual(services[0]?.endpoints, [{ port: 443, backend: 'https' }]);
  t.deepEqual(
    services.map(({ destinations }) =>
      destinations.map(({ server, weight, uthreshold }) => [server, weight, uthreshold]),
    ),
    [
      [
        ['rs1', 3, 100],
        ['rs2', 1, 0],
      ],
      [['rs1', 1, 0]],
    ],
  );
  t.is(services[1]?.fwmark, 3);
  t.deepEqual(notCarriedOver, [
    'global_defs (line 2)',
    'vrrp_instance VI_1 (line 5)',
    'health checks: add them with the key health of the lab file, as in health: { by: keepalived }',
    'VRRP: add a second director with the key backup of the lab file, as in backup: 192.168.1.250',
    'mark 3: real server 10.1.1.2 by tun; in the lab it is by dr, because another service uses that',
    'TCP 203.0.113.10:443: delay_loop 6 (line 13)',
    'TCP 203.0.113.10:443: sorry_server 10.1.1.9 80 (line 19)',
    'TCP 203.0.113.10:443: SSL_GET of real server 10.1.1.2 (line 23)',
    'TCP 203.0.113.10:443: TCP_CHECK of real server 10.1.1.3 (line 29)',
    'mark 3: the configuration does not say which VIP and ports have this mark; the lab uses 80 and 443 of 192.168.1.201',
  ]);
  const comments = yaml.replace(/\n# +/g, ' ');
  for (const loss of notCarriedOver) t.true(comments.includes(` ${loss}`), loss);
  for (const line of yaml.split('\n')) t.true(line.length <= 80, line);
});

test('ipvsadm-save: several services over the same real servers, mapped ports, thresholds, flags, another method', (t) => {
  const { text, notCarriedOver } = labOf(
    importRules(`-A -t 198.51.100.1:80 -s mh -p 300 -b mh-fallback,mh-port
-a -t 198.51.100.1:80 -r 10.0.0.1:8080 -m -w 5 -x 9 -y 3
-a -t 198.51.100.1:80 -r 10.0.0.2:80 -m -w 0
-a -t 198.51.100.1:80 -r 10.0.0.3:80 -g -w 1
-A -u 198.51.100.2:53 -s rr -o
-a -u 198.51.100.2:53 -r 10.0.0.1:53 -m -w 1
-A -u 198.51.100.2:5353 -s rr
-a -u 198.51.100.2:5353 -r 10.0.0.1:5353 -m -w 1
-A -t 198.51.100.2:25 -s wlc
`),
    'rules.txt',
  );
  const { mode, services, realServers } = labFrom(text);
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
  t.deepEqual(notCarriedOver, [
    'service TCP 198.51.100.2:25: it has no real server',
    'UDP 198.51.100.2:53: one-packet scheduling, which works over UDP only, and not by nat',
    'service UDP 198.51.100.2:5353: dnsmasq serves one port, and another service has it',
  ]);
});

test('tunnels of their own type, and IPv6', (t) => {
  const gue = labFrom(
    labOf(
      importRules(
        '-A -t 198.51.100.1:80 -s rr\n-a -t 198.51.100.1:80 -r 10.0.0.1:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum\n',
      ),
      'x',
    ).text,
  );
  t.like(gue.realServers[0], { mode: 'tun', tunnel: 'gue', tunnelPort: 6080 });
  const keepalived =
    'virtual_server 198.51.100.1 80 {\n lvs_method TUN type gre\n ops\n real_server 10.0.0.1 80 {\n }\n}\n';
  t.like(labFrom(labOf(importKeepalived(keepalived), 'x').text).realServers[0], { mode: 'tun', tunnel: 'gre' });
  const six = labOf(
    importRules(
      '-A -t [2001:db8::1]:80 -s rr -p 50 -M 64\n-a -t [2001:db8::1]:80 -r [2001:db8::2]:80 -m -w 1\n-A -f 8 -6 -s rr\n-a -f 8 -6 -r [2001:db8::2]:0 -m -w 1\n',
    ),
    'x',
  );
  const lab = labFrom(six.text);
  t.deepEqual(
    lab.services.map(({ vip, fwmark, persistenceGranularity }) => [vip, fwmark, persistenceGranularity]),
    [
      ['fd00:1::3', 0, '64'],
      ['fd00:1::c9', 8, ''],
    ],
  );
  t.is(lab.realServers[0]?.address, 'fd00:2::2');
});

test('what a lab has no room for is named: ports of sshd, a mark beyond 32 bits, a service twice, a real server twice', (t) => {
  const { text, notCarriedOver } = labOf(
    importRules(`-A -t 10.0.0.1:53 -s rr
-a -t 10.0.0.1:53 -r 10.1.0.1:53 -g -w 1
-A -u 10.0.0.1:53 -s rr
-a -u 10.0.0.1:53 -r 10.1.0.1:53 -g -w 1
-A -t 10.0.0.1:22 -s rr
-a -t 10.0.0.1:22 -r 10.1.0.1:22 -g -w 1
-A -f 5000000000 -s rr
-a -f 5000000000 -r 10.1.0.1:0 -g -w 1
-A -t 10.0.0.2:80 -s rr -b flag-2
-a -t 10.0.0.2:80 -r 10.1.0.1:80 -m -w 1
-a -t 10.0.0.2:80 -r 10.1.0.1:81 -m -w 1
-A -t 10.0.0.2:0 -s rr -p 300
-a -t 10.0.0.2:0 -r 10.1.0.1:0 -g -w 1
`),
    'x',
  );
  t.deepEqual(
    labFrom(text).services.map(
      ({ protocol, endpoints }) => `${protocol} ${endpoints[0]?.port} ${endpoints[0]?.backend}`,
    ),
    ['tcp 53 dns', 'udp 53 dns', 'tcp 80 http'],
  );
  t.deepEqual(notCarriedOver, [
    'TCP 10.0.0.2:80: real server 10.1.0.1 by nat; in the lab it is by dr, because another service uses that',
    'service TCP 10.0.0.1:22: other services use its ports on the real servers',
    'service mark 5000000000: there is no mark 5000000000',
    'TCP 10.0.0.2:80: real server 10.1.0.1 appears again, with port 81',
    'TCP 10.0.0.2:80: flag flag-2',
    'service TCP 10.0.0.2:0: another service has its address and port',
  ]);
});

test('what production has and no lab file would say aloud: LocalNode, a port that DR ignores, http behind 443', (t) => {
  const { text, notCarriedOver } = labOf(
    importRules(`-A -t 192.0.2.1:80 -s rr
-a -t 192.0.2.1:80 -r 127.0.0.1:80 -g -w 1
-a -t 192.0.2.1:80 -r 192.0.2.2:8080 -g -w 1
-A -t 192.0.2.9:443 -s rr
-a -t 192.0.2.9:443 -r 192.0.2.1:443 -g -w 1
-a -t 192.0.2.9:443 -r 10.0.0.1:80 -m -w 1
`),
    'x',
  );
  const lab = labFrom(text);
  t.deepEqual(
    lab.services.map(({ destinations }) =>
      destinations.map(({ server, local }) => `${server}${local ? ' itself' : ''}`),
    ),
    [
      ['director itself', 'rs2'],
      ['director itself', 'rs3'],
    ],
  );
  t.is(lab.services[1]?.endpoints[0]?.backend, 'https');
  t.deepEqual(notCarriedOver, [
    "TCP 192.0.2.1:80: port 8080 of 192.0.2.2: dr can't change ports, so packets arrive at port 80",
  ]);
});

test('keepalived.conf: groups of virtual servers, and definitions', (t) => {
  const text = `$VIP=203.0.113.10
virtual_server_group WEB {
  \${VIP} 80
  $VIP 443
  fwmark 5
  203.0.113.20-30 80
}
virtual_server group WEB {
  lb_algo rr
  lb_kind DR
  real_server 10.1.1.2 80 {
  }
}
`;
  const { text: yaml, notCarriedOver } = labOf(importKeepalived(text), 'x');
  t.deepEqual(
    labFrom(yaml).services.map(({ vip, fwmark, endpoints }) => `${vip} ${fwmark} ${endpoints.map(({ port }) => port)}`),
    ['192.168.1.3 0 80', '192.168.1.3 0 443', '192.168.1.201 5 80,443'],
  );
  t.true(notCarriedOver.includes('203.0.113.20-30 80 of virtual_server_group WEB (line 6)'), notCarriedOver.join());
});

const mistakes: [title: string, read: () => unknown, line: number, what: RegExp][] = [
  ['a block that never ends', () => importKeepalived('\nvirtual_server 1.2.3.4 80 {\n'), 2, /never ends/],
  ['a brace too many', () => importKeepalived('}\n'), 1, /too many/],
  ['a port that is none', () => importKeepalived('virtual_server 1.2.3.4 http {\n}\n'), 1, /"http" is not a number/],
  ['an unknown protocol', () => importKeepalived('virtual_server 1.2.3.4 80 {\n protocol XY\n}\n'), 1, /XY is unknown/],
  [
    'a real server without address',
    () => importKeepalived('virtual_server 1.2.3.4 80 {\n real_server {\n }\n}\n'),
    2,
    /not an address of a real server/,
  ],
  ['an unknown method', () => importKeepalived('virtual_server 1.2.3.4 80 {\n lvs_method XY\n}\n'), 1, /XY is unknown/],
  [
    'a line that is none of ipvsadm’s',
    () => importRules('-A -t 1.2.3.4:80 -s rr\nhello\n'),
    2,
    /not a line of ipvsadm-save/,
  ],
  [
    'names instead of numbers',
    () => importRules('# ipvsadm-save\n-A -t www.example.com:http -s rr\n'),
    2,
    /not an address with a port; ipvsadm-save -n writes numbers/,
  ],
  [
    'an address that is none',
    () => importRules('-A -t 1.2.3.4:80 -s rr\n-a -t 1.2.3.4:80 -r 999.1.1.1:80 -m -w 1\n'),
    2,
    /"999\.1\.1\.1:80" is not an address/,
  ],
  [
    'a port of a service that is none',
    () => importRules('-A -t 1.2.3.4:99999 -s rr\n'),
    1,
    /not an address with a port$/,
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
      '-u',
      '-f',
      '-o',
      '7',
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
        if (!(error instanceof LineError || error instanceof RangeError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

test('a configuration without checks and VRRP gets no advice about them', (t) => {
  const plain = 'virtual_server 198.51.100.1 80 {\n lvs_method DR\n real_server 10.0.0.1 80 {\n }\n}\n';
  t.deepEqual(labOf(importKeepalived(plain), 'x').notCarriedOver, []);
});

for (const [title, text, line, what] of [
  ['ldirectord.cf', 'checktimeout=10\nvirtual=192.0.2.1:80\n\treal=192.0.2.2:80 gate\n', 1, /an ldirectord\.cf/],
  [
    'what ipvsadm -Ln prints',
    'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n',
    1,
    /the output of ipvsadm -Ln/,
  ],
  [
    'a part of what ipvsadm -Ln prints',
    'TCP  192.0.2.1:80 wlc\n  -> 192.0.2.2:80   Route   1   0   0\n',
    2,
    /the output of ipvsadm -Ln/,
  ],
] as const) {
  test(`not importable, with what is: ${title}`, (t) => {
    const problem = notImportable(text);
    t.is(problem?.line, line);
    t.regex(problem?.what ?? '', what);
    t.regex(problem?.fix ?? '', /output of ipvsadm-save -n/);
  });
}

test('what can be imported is taken for no other format', async (t) => {
  t.is(notImportable(await readFile(join(projectRoot, 'test/recorded/keepalived.conf'), 'utf8')), undefined);
  t.is(notImportable('-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 192.0.2.2:80 -g -w 1\n'), undefined);
});

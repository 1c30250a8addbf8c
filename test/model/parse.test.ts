import { readFile } from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError } from '../../scripts/errors.ts';
import { labJsonSchema } from '../../scripts/model/json-schema.ts';
import { parseLab } from '../../scripts/model/parse.ts';

const dr = (extra = '') => `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3 }
${extra}`;

function problemsOf(text: string): string[] {
  try {
    parseLab(text, { name: 'x', file: 'x.yaml' });
    return [];
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    return error.problems.map(({ line, path, what, fix }) => `${line} ${path}: ${what}${fix ? `; ${fix}` : ''}`);
  }
}

const lab = (text: string, realServers?: number) => parseLab(text, { name: 'x', file: 'x.yaml', realServers }).lab;

test('more real servers than the file names count by the lab’s own forwarding method', (t) => {
  const text =
    'mode: nat\nnetworks: { front: 192.168.1.0/24 }\nreal_servers: [{ mode: dr }]\nservice: { vip: 192.168.1.3 }\n';
  t.is(lab(text).realServers[0]?.mode, 'dr');
  const error = t.throws(() => lab(text, 2), { instanceOf: LabFileError });
  t.regex(error?.problems[0]?.what ?? '', /nat needs a back network/);
});

test('a short file gets its defaults', (t) => {
  const { director, client, realServers, service, release, memory } = lab(dr());
  t.deepEqual(director, { front: '192.168.1.2' });
  t.is(client, '192.168.1.100');
  t.deepEqual(
    realServers.map(({ name, address }) => `${name} ${address}`),
    ['rs1 192.168.1.4', 'rs2 192.168.1.5'],
  );
  t.deepEqual(service, {
    vip: '192.168.1.3',
    port: 80,
    protocol: 'tcp',
    scheduler: 'rr',
    flags: [],
    persistence: 0,
    persistenceGranularity: '',
  });
  t.deepEqual([release, memory], [13, 512]);
});

test('any number of real servers from 1 to 64 finds free addresses behind those that are named', (t) => {
  const text = dr('real_servers: [{ name: a, address: 192.168.1.98 }]');
  t.deepEqual(
    lab(text, 4).realServers.map(({ name, address }) => `${name} ${address}`),
    ['a 192.168.1.98', 'rs2 192.168.1.99', 'rs3 192.168.1.101', 'rs4 192.168.1.102'],
  );
  for (const count of [1, 64]) {
    const addresses = lab(text, count).realServers.map(({ address }) => address);
    t.is(new Set([...addresses, '192.168.1.2', '192.168.1.3', '192.168.1.100']).size, count + 3);
  }
});

test('names of added real servers avoid those that are given, and a network may be exactly full', (t) => {
  t.deepEqual(
    lab(dr('real_servers: [{ name: rs3 }]'), 3).realServers.map(({ name }) => name),
    ['rs3', 'rs2', 'rs4'],
  );
  const full =
    'mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/29 }\nservice: { vip: 10.1.0.3 }\nreal_servers: 5\n';
  t.is(lab(full).realServers.length, 5);
});

test('a network without room is a problem of the file', (t) => {
  t.deepEqual(problemsOf('mode: dr\nnetworks: { front: 10.0.0.0/29 }\nservice: { vip: 10.0.0.3 }\nreal_servers: 9\n'), [
    '2 networks: network 10.0.0.0/29 has no free address left; a larger network or fewer real servers',
  ]);
});

const broken: [title: string, text: string, problems: string[]][] = [
  [
    'thresholds upside down',
    `mode: dr
networks: { front: 192.168.1.0/24 }
real_servers: [{ uthreshold: 4, lthreshold: 5 }]
service: { vip: 192.168.1.3 }
`,
    ['3 real_servers[0].lthreshold: 5 is above the upper threshold 4, which the kernel refuses'],
  ],
  [
    'sysctls out of bounds',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3 }
ipvs:
  sysctls:
    drop_entry: 4
    sync_ports: 3
`,
    [
      '6 ipvs.sysctls.drop_entry: 4 is refused by the kernel; 3 at most',
      '7 ipvs.sysctls.sync_ports: 3 is no power of two',
    ],
  ],
  [
    'a netmask that is none',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3, persistence: 300, persistence_granularity: 255.0.255.0 }
`,
    ['3 service.persistence_granularity: not a netmask: ones, then zeros; something like 255.255.255.0'],
  ],
  [
    'a sysctl that IPVS does not have, a time-out that is missing',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3 }
ipvs:
  timeouts: { tcp: 900, tcpfin: 120 }
  sysctls: { conn_reuse: 1 }
`,
    [
      '5 ipvs.timeouts.udp: is missing',
      '6 ipvs.sysctls.conn_reuse: is not a key of a lab file; did you mean conn_reuse_mode?',
    ],
  ],
  ['not YAML', 'mode: [dr\n', ['2 : Flow sequence in block collection must be sufficiently indented and end with a ]']],
  [
    'all problems at once, in the order of lines',
    'mode: dx\nnetworks:\n  front: 1.2.3\nservice:\n  schedular: rr\n  port: x\n',
    [
      '1 mode: "dx" is not known; did you mean dr? one of nat, dr, tun',
      '3 networks.front: "1.2.3": not an IPv4 network from /8 to /30; something like 192.168.1.0/24',
      '5 service.vip: is missing; something like vip: 192.168.1.3',
      '5 service.schedular: is not a key of a lab file; did you mean scheduler?',
      '6 service.port: "x" is not a number',
    ],
  ],
  [
    'dr cannot map ports',
    dr('real_servers: [{ port: 8080 }]'),
    [
      '4 real_servers[0].port: dr cannot change the port: the real server gets the packet as the client sent it; port: 80, or mode: nat',
    ],
  ],
  [
    'real servers off the director’s segment',
    dr('real_servers: [{ address: 192.168.2.4 }]'),
    ["4 real_servers[0].address: 192.168.2.4 is no host of the director's segment 192.168.1.0/24"],
  ],
  [
    'the VIP is the director’s own address',
    'mode: tun\nnetworks: { front: 192.168.1.0/24 }\ndirector: 192.168.1.3\nservice: { vip: 192.168.1.3 }\n',
    [
      "4 service.vip: 192.168.1.3 is the director's own address: every real server holds the VIP too and would not answer the director; a VIP of its own",
    ],
  ],
  [
    'nat on one network',
    'mode: nat\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n',
    [
      '2 networks: nat needs a back network: on one network the real servers answer the client directly, past the director; back: 172.16.0.0/16',
    ],
  ],
  [
    'nat with a client among the real servers, and another gateway',
    'mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }\nclient: 10.2.0.9\nreal_servers: [{ gateway: 10.2.0.254 }]\nservice: { vip: 10.1.0.3 }\n',
    [
      "3 client: 10.2.0.9 is in the real servers' network: they would answer it directly, past the director; an address of the front network 10.1.0.0/24",
      '4 real_servers[0].gateway: with gateway 10.2.0.254 the answers miss the director; gateway: 10.2.0.1',
    ],
  ],
  [
    'twos on Debian 12',
    'mode: dr\nrelease: 12\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, scheduler: twos }\n',
    ["4 service.scheduler: Debian 12's cloud kernel has no twos; release: 13"],
  ],
  [
    'a flag of another scheduler',
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, scheduler: mh, flags: [sh-port] }\n',
    ['3 service.flags: sh-port is a flag of sh, not of mh'],
  ],
  ['an address twice', dr('client: 192.168.1.3'), ['4 client: 192.168.1.3 is taken by the VIP']],
  [
    'a name that is no host name',
    dr('real_servers: [{ name: "a; reboot" }]'),
    ['4 real_servers[0].name: "a; reboot": not a host name: small letters, digits and inner hyphens, 32 at most'],
  ],
];

for (const [title, text, problems] of broken) {
  test(`refused: ${title}`, (t) => {
    t.deepEqual(problemsOf(text), problems);
  });
}

test('what works, but not as most expect, is a warning', (t) => {
  const warnings = (extra: string) =>
    parseLab(`mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, ${extra} }\n`, {
      name: 'x',
      file: 'x',
    }).warnings.map(({ what }) => what);
  t.regex(warnings('scheduler: sh')[0] ?? '', /all requests go to one server, as expected/);
  t.regex(warnings('scheduler: nq')[0] ?? '', /closes each one before the next/);
  t.regex(warnings('persistence: 300')[0] ?? '', /no rr to be seen, as expected/);
  t.deepEqual(warnings('scheduler: sh, flags: [sh-port]'), []);
});

test('any text is either a lab or problems with a line', (t) => {
  const key = fc.constantFrom('mode', 'networks', 'service', 'real_servers', 'director', 'client', 'vip', 'front', 'x');
  const leaf = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constantFrom('dr', 'nat', '192.168.1.3', '10.0.0.0/8', null, true),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(key, tie('any'))),
  })).any;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        value.map((one) => JSON.stringify(one) ?? ''),
      ),
      (text) => {
        try {
          parseLab(text, { name: 'x', file: 'x' });
          return true;
        } catch (error) {
          return error instanceof LabFileError && error.problems.every(({ line }) => line >= 1);
        }
      },
    ),
    { numRuns: 2000 },
  );
  t.pass();
});

test('the committed JSON Schema is the one of today', async (t) => {
  t.is(await readFile(new URL('../../labs/lab.schema.json', import.meta.url), 'utf8'), labJsonSchema());
});

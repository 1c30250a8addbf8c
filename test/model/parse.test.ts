import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { labJsonSchema } from '../../scripts/model/schema/json-schema.ts';
import { cpuTime } from '../cpu-time.ts';

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
  const { director, client, realServers, services, release, memory } = lab(dr());
  t.deepEqual(director, { front: '192.168.1.2' });
  t.is(client, '192.168.1.100');
  t.deepEqual(
    realServers.map(({ name, address }) => `${name} ${address}`),
    ['rs1 192.168.1.4', 'rs2 192.168.1.5'],
  );
  const plain = {
    local: false,
    mode: 'dr',
    tunnel: 'ipip',
    tunnelPort: 0,
    port: 80,
    weight: 1,
    uthreshold: 0,
    lthreshold: 0,
  } as const;
  t.deepEqual(services, [
    {
      vip: '192.168.1.3',
      protocol: 'tcp',
      fwmark: 0,
      endpoints: [{ port: 80, backend: 'http' }],
      scheduler: 'rr',
      flags: [],
      persistence: 0,
      persistenceGranularity: '',
      ops: false,
      page: '/',
      destinations: [
        { server: 'rs1', address: '192.168.1.4', ...plain },
        { server: 'rs2', address: '192.168.1.5', ...plain },
      ],
    },
  ]);
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
    '2 networks.front: 10.0.0.0/29 has room for 6 hosts, and the lab needs 12 there: client, director, VIPs and real servers; a larger network or fewer real servers',
  ]);
  const back =
    'mode: nat\nnetworks: { front: 10.0.0.0/29, back: 10.1.0.0/29 }\nservice: { vip: 10.0.0.3 }\nreal_servers: 9\n';
  t.deepEqual(problemsOf(back), [
    '2 networks: network 10.1.0.0/29 has no free address left; a larger network or fewer real servers',
  ]);
});

test('backend, port and protocol tell each other', (t) => {
  const told = (words: string) => {
    const [service] = lab(
      `mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }\nservice: { vip: 10.1.0.3, ${words} }\n`,
    ).services;
    return `${service?.protocol} ${service?.endpoints.map(({ port, backend }) => `${port} ${backend}`).join(', ')}`;
  };
  t.is(told('port: 80'), 'tcp 80 http');
  t.is(told('port: 8443'), 'tcp 8443 http');
  t.is(told('port: 443'), 'tcp 443 https');
  t.is(told('backend: https'), 'tcp 443 https');
  t.is(told('backend: https, port: 8443'), 'tcp 8443 https');
  t.is(told('port: 21'), 'tcp 21 ftp');
  t.is(told('port: 53'), 'udp 53 dns');
  t.is(told('protocol: udp'), 'udp 53 dns');
  t.is(told('protocol: udp, port: 5353'), 'udp 5353 dns');
  t.is(told('backend: dns'), 'udp 53 dns');
  t.is(told('port: 53, protocol: tcp'), 'tcp 53 dns');
  t.is(told('protocol: sctp'), 'sctp 7 echo');
  t.is(told('backend: echo'), 'tcp 7 echo');
  t.is(told('fwmark: 1, port: [80, 443]'), 'tcp 80 http, 443 https');
});

test('a service may have separate real servers, weights and ports, in any order', (t) => {
  const { services, realServers } = lab(`mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{ weight: 5, uthreshold: 9 }, {}, {}]
services:
  - { vip: 10.1.0.3 }
  - { vip: 10.1.0.4, port: 443, real_servers: [{ name: rs3, port: 8443 }, { name: rs1, weight: 2 }] }
`);
  t.is(realServers.length, 3);
  t.deepEqual(
    services.map(({ destinations }) =>
      destinations.map(({ server, port, weight, uthreshold }) => [server, port, weight, uthreshold]),
    ),
    [
      [
        ['rs1', 80, 5, 9],
        ['rs2', 80, 1, 0],
        ['rs3', 80, 1, 0],
      ],
      [
        ['rs3', 8443, 1, 0],
        ['rs1', 443, 2, 9],
      ],
    ],
  );
});

test('IPv6: addresses are as the kernel writes them, and defaults follow the same plan', (t) => {
  const { director, client, realServers, services } = lab(
    'mode: dr\nnetworks: { front: "fd00:0001:0::/64" }\nservice: { vip: "FD00:1:0:0::3" }\n',
  );
  t.deepEqual([director.front, client, services[0]?.vip], ['fd00:1::2', 'fd00:1::64', 'fd00:1::3']);
  t.deepEqual(
    realServers.map(({ address }) => address),
    ['fd00:1::4', 'fd00:1::5'],
  );
});

test('LocalNode, tunnels, and real servers behind a router', (t) => {
  const local = lab(dr('real_servers: [{ name: director }, {}]')).realServers;
  t.deepEqual(
    local.map(({ name, local: own, address }) => [name, own, address]),
    [
      ['director', true, '192.168.1.2'],
      ['rs2', false, '192.168.1.4'],
    ],
  );
  const remote = lab(`mode: tun
networks: { front: 192.168.1.0/24, remote: 10.9.0.0/24 }
real_servers: [{ tunnel: gue }, { tunnel: gue, tunnel_port: 7000 }, { tunnel: gre }, { mode: dr }]
service: { vip: 192.168.1.3 }
`);
  t.deepEqual(remote.router, { front: '192.168.1.1', remote: '10.9.0.1' });
  t.deepEqual(
    remote.realServers.map(({ address, tunnel, tunnelPort }) => [address, tunnel, tunnelPort]),
    [
      ['10.9.0.2', 'gue', 6080],
      ['10.9.0.3', 'gue', 7000],
      ['10.9.0.4', 'gre', 0],
      ['192.168.1.4', 'ipip', 0],
    ],
  );
});

/** A file of one service, by its words. */
const oneService = (words: string, extra = '') =>
  `mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, ${words} }\n${extra}`;

test('two directors: an address, or more words', (t) => {
  const services = 'services: [{ vip: 192.168.1.3 }, { vip: 192.168.1.3, port: 7 }]';
  const two = (words: string) =>
    lab(`mode: tun\nnetworks: { front: 192.168.1.0/24 }\n${services}\nbackup: ${words}\n`).backup;
  const usual = { front: '192.168.1.12', unicast: false, nopreempt: false, sync: { syncid: 1 } };
  t.deepEqual(two('192.168.1.12'), { ...usual, advertInterval: 0.5, preemptDelay: 5 });
  const chosen = two(
    '{ front: 192.168.1.12, advert_interval: 1, preempt_delay: 9, unicast: true, sync: { syncid: 7 } }',
  );
  t.deepEqual(chosen, { ...usual, advertInterval: 1, preemptDelay: 9, unicast: true, sync: { syncid: 7 } });
});

test('a file full of mistakes gets a quick answer with a limited number of them', (t) => {
  const start = cpuTime();
  const unknown = problemsOf(Array.from({ length: 90_000 }, (_, key) => `key${key}: 1`).join('\n'));
  const nested = problemsOf(`mode: ${'['.repeat(100_000)}`);
  const twice = problemsOf(Array.from({ length: 90_000 }, () => 'mode: dr').join('\n'));
  const keys = problemsOf(`${'? '.repeat(400)}a`);
  for (const problems of [unknown, nested, twice, keys]) t.true(problems.length > 0 && problems.length < 50);
  t.true(cpuTime() - start < 30_000, 'it was a minute and more');
});

test('with fewer real servers than a service names, the option is named', (t) => {
  const text = oneService('real_servers: [rs1, rs2]');
  const error = t.throws(() => lab(text, 1), { instanceOf: LabFileError });
  t.is(error?.problems[0]?.what, 'the lab has no real server rs2 with --real-servers 1');
});

test('a service’s own real servers decide what it may be, not the rest of the lab', (t) => {
  const { services } = lab(`mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{}, {}, { mode: dr }]
services:
  - { vip: 10.1.0.3, port: 21, real_servers: [rs1, rs2] }
  - { vip: 10.1.0.4, port: 53, ops: true, real_servers: [rs3] }
`);
  t.deepEqual(
    services.map(({ endpoints }) => endpoints[0]?.backend),
    ['ftp', 'dns'],
  );
});

test('what works, but not as most expect, is a warning', (t) => {
  const warnings = (extra: string) =>
    parseLab(`mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, ${extra} }\n`, {
      name: 'x',
      file: 'x',
    }).warnings.map(({ what }) => what);
  t.regex(warnings('scheduler: sh')[0] ?? '', /all requests go to one real server, as expected/);
  t.regex(warnings('scheduler: nq')[0] ?? '', /closes each one before the next/);
  t.regex(warnings('real_servers: [rs1]')[0] ?? '', /rs2 belongs to no service/);
  t.regex(warnings('real_servers: [{ name: rs1, weight: 0 }, { name: rs2, weight: 0 }]')[0] ?? '', /all weights are 0/);
  t.regex(warnings('persistence: 300')[0] ?? '', /so rr is not seen, as expected/);
  const rs1 = 'real_servers: [{ name: rs1, weight: 0 }, { name: rs2 }]';
  t.regex(warnings(`scheduler: dh, ${rs1}`).join(), /dh leads some clients to rs1, with weight 0, and refuses them/);
  t.regex(warnings(`scheduler: mh, flags: [mh-port], ${rs1}`).join(), /mh leaves rs1 the clients that it had before/);
  t.deepEqual(warnings(`scheduler: mh, flags: [mh-port, mh-fallback], ${rs1}`), []);
  t.deepEqual(warnings('scheduler: sh, flags: [sh-port]'), []);
  t.regex(
    warnings('port: 5432')[0] ?? '',
    /the file does not say what answers at tcp port 5432; the lab uses http \(Apache\)/,
  );
  t.regex(warnings('port: 80, protocol: udp')[0] ?? '', /answers at udp port 80; the lab uses dns \(dnsmasq\)/);
  for (const known of ['port: 5432, backend: http', 'port: 8080', 'port: 443', 'port: 53', 'protocol: udp'])
    t.deepEqual(warnings(known), [], known);
});

test('a quiesced real server that schedulers or persistence still find is a warning', (t) => {
  const warnings = (service: string, extra: string) =>
    parseLab(
      `mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, ${service} }\nhealth: { by: keepalived, quiescent: true }\n${extra}`,
      { name: 'x', file: 'x' },
    ).warnings.map(({ what }) => what);
  t.regex(warnings('scheduler: sh, flags: [sh-port]', '')[0] ?? '', /sh refuses the clients of a failed real server/);
  t.deepEqual(warnings('scheduler: sh, flags: [sh-port, sh-fallback]', ''), []);
  t.true(warnings('persistence: 60', '').some((what) => /stays with a failed real server/.test(what)));
  t.is(warnings('persistence: 60', 'ipvs: { sysctls: { expire_quiescent_template: 1 } }').length, 1);
});

test('any text is either a lab or problems with a line', (t) => {
  const key = fc.constantFrom(
    ...['mode', 'networks', 'service', 'services', 'real_servers', 'director', 'client', 'vip', 'front', 'remote', 'x'],
    ...['port', 'fwmark', 'backend', 'protocol', 'tunnel', 'ops', 'name', 'persistence_granularity'],
  );
  const leaf = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constantFrom('dr', 'nat', 'tun', '192.168.1.3', '10.0.0.0/8', 'fd00::/64', 'fd00::3', 'udp', 'gue', null, true),
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
  t.is(await readFile(join(projectRoot, 'labs/lab.schema.json'), 'utf8'), labJsonSchema());
});

test('servers of a site: nodes of their own behind the real servers, shared, or machines that are there already', (t) => {
  const text = `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
service: { vip: 10.1.0.3 }
nfs: { node: store, address: 10.2.0.50 }
php: rs2
mysql: store
`;
  const { site, siteServers, services } = lab(text);
  t.deepEqual(site, { files: 'nfs', pages: 'wordpress', nfs: 'store', php: 'rs2', mysql: 'store' });
  t.deepEqual(siteServers, [{ name: 'store', addresses: [{ network: 'back', address: '10.2.0.50' }] }]);
  t.is(services[0]?.page, '/server', 'the root is the site’s');
  const more = parseLab(dr(), { name: 'x', file: 'x.yaml', with: ['nfs', 'php'] }).lab;
  t.deepEqual(more.site, { files: 'nfs', pages: 'php', nfs: 'nfs', php: 'php', mysql: null });
  t.deepEqual(
    more.siteServers.map(({ name, addresses }) => `${name} ${addresses[0]?.address}`),
    ['nfs 192.168.1.6', 'php 192.168.1.7'],
  );
  t.is(lab(dr()).site, null);
});

import { readFile } from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import { LabFileError } from '../../scripts/errors.ts';
import { labJsonSchema } from '../../scripts/model/json-schema.ts';
import { parseLab } from '../../scripts/model/parse.ts';
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
    '2 networks: network 10.0.0.0/29 has no free address left; a larger network or fewer real servers',
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

test('a service may have real servers, weights and ports of its own, in its own order', (t) => {
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
  t.deepEqual(two('192.168.1.12'), { front: '192.168.1.12', advertInterval: 0.5, preemptDelay: 5 });
  t.deepEqual(two('{ front: 192.168.1.12, advert_interval: 1, preempt_delay: 9 }'), {
    front: '192.168.1.12',
    advertInterval: 1,
    preemptDelay: 9,
  });
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
    'a map in the place of a word, with keys that objects have by themselves',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3, protocol: { toString: "" } }
`,
    ['3 service.protocol: {"toString":""} is not known; one of tcp, udp, sctp'],
  ],
  [
    'a netmask that is none',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3, persistence: 300, persistence_granularity: 255.0.255.0 }
`,
    ['3 service.persistence_granularity: "255.0.255.0": not a netmask: ones, then zeros; something like 255.255.255.0'],
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
      '3 networks.front: "1.2.3": not an IPv4 network from /8 to /30, nor an IPv6 network from /16 to /126; something like 192.168.1.0/24',
      '5 service.vip: is missing; something like vip: 192.168.1.3',
      '5 service.schedular: is not a key of a lab file; did you mean scheduler?',
      '6 service.port: "x" does not fit here; something like port: 80',
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
    ['3 service.flags: sh-port is a flag of sh, not of mh; scheduler: sh, or leave it out'],
  ],
  [
    'a scheduler that nobody knows',
    oneService('scheduler: wrrr'),
    [
      '3 service.scheduler: "wrrr" is not known; did you mean wrr? one of rr, wrr, lc, wlc, lblc, lblcr, dh, sh, sed, nq, fo, ovf, mh, twos',
    ],
  ],
  [
    'a weight outside its bounds',
    dr('real_servers: [{ weight: 65536 }, { weight: -1 }]'),
    [
      '4 real_servers[0].weight: 65536 is too big; 65535 at most',
      '4 real_servers[1].weight: -1 is too small; 0 at least',
    ],
  ],
  [
    'several ports without a mark',
    oneService('port: [80, 443]'),
    ['3 service.port: a service has one port; a firewall mark joins several; fwmark: 1'],
  ],
  [
    'a mark that joins what no client asks in turn',
    oneService('fwmark: 1, port: [80, 7]'),
    ['3 service.port: http and echo: no client asks both in turn; http and https may be joined'],
  ],
  [
    'a mark and a mapped port',
    `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{ port: 8080 }]
service: { vip: 10.1.0.3, fwmark: 1, port: [80, 443] }
`,
    ['3 real_servers[0].port: a mark joins ports, and a real server gets each as the client sent it; leave port out'],
  ],
  [
    'a backend over a protocol that it does not speak',
    oneService('backend: dns, protocol: sctp'),
    ['3 service.backend: dns is not served over sctp; protocol: udp or tcp'],
  ],
  [
    'one-packet scheduling of connections',
    oneService('ops: true'),
    ['3 service.ops: tcp has connections, which the kernel does not schedule packet by packet; protocol: udp'],
  ],
  [
    'one-packet scheduling by nat',
    'mode: nat\nnetworks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }\nservice: { vip: 10.1.0.3, protocol: udp, ops: true }\n',
    [
      '3 service.ops: by nat IPVS has forgotten a datagram before its answer comes, and nobody turns the source into the VIP again; mode: dr or tun',
    ],
  ],
  [
    'ftp without the director on its way back',
    oneService('port: 21'),
    [
      '3 service.port: ftp: its data connection finds the real server only in nat, where ip_vs_ftp reads the commands; mode: nat, and no fwmark',
    ],
  ],
  [
    'a tunnel where nothing is wrapped, and a port of none',
    dr('real_servers: [{ tunnel: gue }, { mode: tun, tunnel: gre, tunnel_port: 6080 }]'),
    [
      '4 real_servers[0].tunnel: dr wraps nothing; mode: tun',
      '4 real_servers[1].tunnel_port: only gue has a port; tunnel: gue',
    ],
  ],
  [
    'an IPv4 real server for an IPv6 service',
    'mode: dr\nnetworks: { front: "fd00:1::/64" }\nreal_servers: [{ address: 192.168.1.4 }]\nservice: { vip: "fd00:1::3" }\n',
    [
      '3 real_servers[0].address: an IPv4 real server for an IPv6 service: the kernel refuses that without a tunnel; an IPv6 address',
    ],
  ],
  [
    'an IPv6 VIP on an IPv4 network, and a granularity of the other family',
    dr().replace('192.168.1.3', '"fd00::3", persistence: 50, persistence_granularity: 255.255.255.0'),
    [
      '3 service.vip: an IPv6 VIP on the front network 192.168.1.0/24; an IPv4 address, or another front network',
      '3 service.persistence_granularity: IPv6 clients have no such network; persistence_granularity: 64',
    ],
  ],
  [
    'a network of link-local addresses',
    'mode: dr\nnetworks: { front: "fe80::/64" }\nservice: { vip: "fe80::3" }\n',
    ['2 networks.front: link-local addresses are of one NIC each'],
  ],
  [
    'a real server that the lab does not have',
    oneService('real_servers: [rs1, rs3, rs1]'),
    [
      '3 service.real_servers[1]: the lab has no real server rs3; did you mean rs1?',
      '3 service.real_servers[2]: there is another rs1',
    ],
  ],
  [
    'no service at all',
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\n',
    ['1 service: is missing; something like service: { vip: 192.168.1.3 }'],
  ],
  [
    'the same service twice, and two things at one port',
    `mode: dr
networks: { front: 192.168.1.0/24 }
services:
  - { vip: 192.168.1.3, port: 80 }
  - { vip: 192.168.1.3, port: 80 }
  - { vip: 192.168.1.9, port: 80, backend: echo }
`,
    [
      '5 services[1]: tcp 192.168.1.3 port 80 is another service already',
      '6 services[2]: tcp 80 of rs1 is taken by Apache, and the line echo wants it too; another port, or backend',
    ],
  ],
  [
    'one service in two spellings',
    'mode: nat\nnetworks: { front: "fd00:1::/64", back: "fd00:2::/64" }\nservices:\n  - { vip: "fd00:1::3" }\n  - { vip: "FD00:1:0::3" }\n',
    ['5 services[1]: tcp fd00:1::3 port 80 is another service already'],
  ],
  [
    'a port that sshd has',
    oneService('port: 22'),
    ['3 service: tcp 22 of rs1 is taken by sshd, and Apache wants it too; another port, or backend'],
  ],
  [
    'a port that dnsmasq takes over TCP as well',
    `mode: dr
networks: { front: 192.168.1.0/24 }
services:
  - { vip: 192.168.1.3, port: 53 }
  - { vip: 192.168.1.9, port: 53, protocol: tcp, backend: http }
`,
    ['5 services[1]: tcp 53 of rs1 is taken by dnsmasq, and Apache wants it too; another port, or backend'],
  ],
  [
    'http and https at one port of a real server',
    `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
services:
  - { vip: 10.1.0.3, port: 80, real_servers: [{ name: rs1, port: 8080 }, rs2] }
  - { vip: 10.1.0.3, port: 443, real_servers: [{ name: rs1, port: 8080 }, rs2] }
`,
    ['5 services[1]: tcp 8080 of rs1 is taken by Apache, and Apache over TLS wants it too; another port, or backend'],
  ],
  [
    'bounds that are upside down only when lab and service are put together',
    `mode: dr
networks: { front: 192.168.1.0/24 }
real_servers: [{ uthreshold: 100, lthreshold: 80 }]
service: { vip: 192.168.1.3, real_servers: [{ name: rs1, uthreshold: 50 }] }
`,
    ['3 real_servers[0].lthreshold: 80 is above the upper threshold 50, which the kernel refuses'],
  ],
  [
    'the port of an unnamed real server',
    `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{ mode: dr }, {}]
service: { vip: 10.1.0.3, port: 81, real_servers: [{ name: rs1, port: 8080 }, rs2] }
`,
    [
      '4 service.real_servers[0].port: dr cannot change the port: the real server gets the packet as the client sent it; port: 81, or mode: nat',
    ],
  ],
  [
    'a port twice, and a network that is none',
    'mode: dr\nnetworks: { front: 192.168.1.0/24/24 }\nservice: { vip: 192.168.1.3, fwmark: 1, port: [80, 80] }\n',
    [
      '2 networks.front: "192.168.1.0/24/24": not an IPv4 network from /8 to /30, nor an IPv6 network from /16 to /126; something like 192.168.1.0/24',
    ],
  ],
  ['a mark with a port twice', oneService('fwmark: 1, port: [80, 80]'), ['3 service.port: a port is there twice']],
  [
    'two directors by nat, with health checks and LocalNode, and nothing to measure',
    `mode: nat
networks: { front: 192.168.1.0/24, back: 10.0.0.0/24 }
real_servers: [{ name: director }, { name: backup }]
backup: 192.168.1.2
service: { vip: 192.168.1.3, port: 443 }
health: { by: ldirectord }
`,
    [
      '3 real_servers[1].name: there is another backup',
      '4 backup: 192.168.1.2 is taken by the director',
      '4 backup: by nat the director is the gateway of the real servers, and that address would have to move with the VIP; mode: dr or tun',
      '4 backup: health checks are not set up for two directors here; one of the two: health or backup',
      '4 backup: the director is a real server as well: its connections die with it, and the other would send it what it sends back; no LocalNode',
      '4 backup: a failover is measured by held connections of the line echo and by requests to a web page: there is no http and no echo over tcp; a service with port: 80, and a service with port: 7',
      '5 service: ldirectord looks at web pages here, over http and without a mark; backend: http',
      '6 health: the director is a real server here, and its page cannot be sorry as well; no LocalNode',
    ],
  ],
  [
    'a word of keepalived’s that is another here',
    `mode: dr
networks: { front: 192.168.1.0/24 }
backup: { front: 192.168.2.12, advert_int: 1 }
services: [{ vip: 192.168.1.3 }, { vip: 192.168.1.3, port: 7 }]
`,
    ['3 backup.advert_int: is not a key of a lab file; did you mean advert_interval?'],
  ],
  [
    'a backup in another network, and a sysctl with which neither director would work',
    `mode: dr
networks: { front: 192.168.1.0/24 }
backup: { front: 192.168.2.12 }
services: [{ vip: 192.168.1.3 }, { vip: 192.168.1.3, port: 7 }]
ipvs: { sysctls: { backup_only: 1 } }
`,
    [
      '3 backup.front: 192.168.2.12 is no host of the front network 192.168.1.0/24',
      '5 ipvs.sysctls.backup_only: both directors run the backup daemon, and with this neither would balance anything; backup_only: 0',
    ],
  ],
  [
    'two directors of IPv6, and behind a router',
    `mode: tun
networks: { front: 'fd00:1::/64', remote: 'fd00:2::/64' }
backup: fd00:1::12
services: [{ vip: 'fd00:1::3' }, { vip: 'fd00:1::3', port: 7 }]
`,
    [
      '3 backup: two directors are not set up for IPv6 here; IPv4',
      '3 backup: two directors are not set up for real servers behind a router here; no remote network',
    ],
  ],
  [
    'health checks of what they are not set up for',
    `mode: dr
networks: { front: 192.168.1.0/24 }
real_servers: [{}, { name: director }]
service: { vip: 192.168.1.3, port: 443 }
health: { by: ldirectord }
`,
    [
      '4 service: ldirectord looks at web pages here, over http and without a mark; backend: http',
      '5 health: the director is a real server here, and its page cannot be sorry as well; no LocalNode',
    ],
  ],
  [
    'checks for ldirectord, which has its own',
    dr('health: { by: ldirectord, checks: [tcp] }'),
    ['4 health.checks: ldirectord always looks at the page; leave checks out, or by: keepalived'],
  ],
  ['a check twice', dr('health: { by: keepalived, checks: [tcp, tcp] }'), ['4 health.checks: a check is there twice']],
  [
    'a check that is none',
    dr('health: { by: keepalived, checks: [ping] }'),
    ['4 health.checks[0]: "ping" is not known; one of http, tcp, load'],
  ],
  [
    'weights that follow the load where nobody looks at them',
    `mode: dr
networks: { front: 192.168.1.0/24 }
real_servers: [{ weight: 26 }, { weight: 0 }]
service: { vip: 192.168.1.3, scheduler: lc, persistence: 60 }
health: { by: keepalived, checks: [load] }
`,
    [
      '3 real_servers[0].weight: rs1 has weight 26: an exit code cannot tell ten times that to keepalived; 25 at most',
      '4 service.scheduler: load changes weights, and lc does not share requests out by them; scheduler: wrr, or wlc',
      '4 service.persistence: the client stays with one real server, whatever the load; no persistence',
      '4 service: load moves requests from one real server to another, and there is no other; two of them',
      '5 health.checks: load does not notice when Apache dies; http or tcp beside it',
    ],
  ],
  [
    'the port that tells the load is taken',
    `mode: dr
networks: { front: 192.168.1.0/24 }
service: { vip: 192.168.1.3, port: 9101, scheduler: wrr }
health: { by: keepalived, checks: [tcp, load] }
`,
    ['3 service: tcp 9101 of rs1 is taken by the load check, and Apache wants it too; another port, or backend'],
  ],
  [
    'the time for nobody',
    dr('real_servers: [{ name: director }]\nclock: true'),
    ['5 clock: the director is the only real server: nobody takes the time from it; another real server'],
  ],
  [
    'a remote network without tunnels, and one that overlaps',
    'mode: dr\nnetworks: { front: 192.168.1.0/24, remote: 192.168.0.0/16 }\nservice: { vip: 192.168.1.3 }\n',
    [
      '2 networks.remote: dr cannot reach real servers behind a router: it only changes the MAC; mode: tun',
      '2 networks.remote: 192.168.0.0/16 overlaps the front network 192.168.1.0/24',
    ],
  ],
  [
    'a web site where nobody serves pages',
    'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, port: 53 }\nnfs: true\n',
    ['4 nfs: it serves a web site, and no service here is http; service: { vip: …, port: 80 }'],
  ],
  [
    'a database that nobody asks',
    dr('mysql: true'),
    ['4 mysql: nobody asks the database: WordPress is made of PHP; php: true'],
  ],
  [
    'a cluster file system that the kernel does not have, beside an NFS server',
    dr('ocfs2: true\nnfs: true'),
    [
      '4 ocfs2: the files are on an NFS server or on a shared disk; one of the two',
      '4 ocfs2: Debian’s cloud kernel has no ocfs2; kernel: generic',
    ],
  ],
  [
    'two disks in one machine',
    dr('kernel: generic\nocfs2: true\nphp: store\nmysql: store'),
    ['7 mysql: store has the shared disk, and a machine has one; mysql: a node of its own'],
  ],
  [
    'servers of the site in impossible places',
    dr('nfs: client\nphp: { node: rs1, address: 192.168.1.9 }\nmysql: { node: db, address: 10.0.0.9 }'),
    [
      '4 nfs: the client serves nobody; a node of its own, or director',
      '5 php.address: rs1 has its addresses already; leave address out',
      '6 mysql.address: 10.0.0.9 is no host of the real servers’ network 192.168.1.0/24',
    ],
  ],
  [
    'servers of the site that take others’ addresses, and a real server that is not there',
    dr('nfs: { address: 192.168.1.3 }\nphp: { address: 192.168.1.2 }\nmysql: rs3'),
    [
      '4 nfs.address: 192.168.1.3 is taken by the VIP',
      '5 php.address: 192.168.1.2 is taken by the director',
      '6 mysql: there is no real server rs3; did you mean rs1?',
    ],
  ],
  [
    'words that a server of the site does not have',
    dr('nfs: { host: a }'),
    ['4 nfs.host: is not a key of a lab file; known here: node, address'],
  ],
  [
    'a kernel that Debian does not have',
    dr('kernel: small'),
    ['4 kernel: "small" is not known; one of cloud, generic'],
  ],
  [
    'a router that has nowhere to go',
    dr('router: { front: 192.168.1.1 }'),
    ['4 router: there is nothing to route to; networks: { …, remote: 10.9.0.0/24 }'],
  ],
  [
    'LocalNode with somebody else’s address',
    dr('real_servers: [{ name: director, address: 192.168.1.7 }]'),
    ['4 real_servers[0].address: the director itself has 192.168.1.2: LocalNode; leave address out'],
  ],
  [
    'a port of which service?',
    `mode: nat
networks: { front: 10.1.0.0/24, back: 10.2.0.0/24 }
real_servers: [{ port: 8080 }]
services: [{ vip: 10.1.0.3 }, { vip: 10.1.0.4 }]
`,
    ['3 real_servers[0].port: several services: which of them is it for?; the port behind real_servers of a service'],
  ],
  [
    'the name that every machine has for itself',
    dr('real_servers: [{ name: localhost }]'),
    ['4 real_servers[0].name: "localhost": not a host name: small letters, digits and inner hyphens, 32 at most'],
  ],
  ['a key twice', dr('mode: nat'), ['4 mode: is there twice']],
  ['a value that holds itself', dr('title: &title [*title]'), ['4 : *title is within what it stands for']],
  [
    'a map that holds itself, below',
    dr('health: &one { by: { of: *one } }'),
    ['4 : *one is within what it stands for'],
  ],
  ['an alias of nothing', dr('title: *none'), ['4 : nothing is called &none']],
  ['a key that is a list', dr('? [a]\n: 1'), ['4 : a key that is not a word']],
  ['two labs in one file', dr('---\nmode: nat'), ['4 : a second document begins: one lab a file']],
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

test('a file of nothing but mistakes is answered soon, with those of them that somebody may read', (t) => {
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
  t.regex(warnings('scheduler: sh')[0] ?? '', /all requests go to one server, as expected/);
  t.regex(warnings('scheduler: nq')[0] ?? '', /closes each one before the next/);
  t.regex(warnings('real_servers: [rs1]')[0] ?? '', /rs2 belongs to no service/);
  t.regex(warnings('real_servers: [{ name: rs1, weight: 0 }, { name: rs2, weight: 0 }]')[0] ?? '', /all weights are 0/);
  t.regex(warnings('persistence: 300')[0] ?? '', /no rr to be seen, as expected/);
  t.deepEqual(warnings('scheduler: sh, flags: [sh-port]'), []);
});

test('a quiesced real server that schedulers or persistence still find is a warning', (t) => {
  const warnings = (service: string, extra: string) =>
    parseLab(
      `mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3, ${service} }\nhealth: { by: keepalived, quiescent: true }\n${extra}`,
      { name: 'x', file: 'x' },
    ).warnings.map(({ what }) => what);
  t.regex(warnings('scheduler: sh, flags: [sh-port]', '')[0] ?? '', /refuses who comes there/);
  t.deepEqual(warnings('scheduler: sh, flags: [sh-port, sh-fallback]', ''), []);
  t.true(warnings('persistence: 60', '').some((what) => /stays with a real server that has failed/.test(what)));
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
  t.is(await readFile(new URL('../../labs/lab.schema.json', import.meta.url), 'utf8'), labJsonSchema());
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

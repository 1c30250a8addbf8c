import test from 'ava';
import type { Plan } from '../../scripts/plan/plan.ts';
import { judge } from '../../scripts/verify/judge.ts';
import type { Observations } from '../../scripts/verify/observations.ts';
import { planOf } from '../render/golden.ts';

const MAC = { director: '52:54:00:01:0d:01', rs1: '52:54:00:01:05:01', rs2: '52:54:00:01:05:02' };

/** What a healthy DR or TUN lab shows. */
function healthy(plan: Plan): Observations {
  const servers = plan.realServers;
  const answers = Array.from({ length: plan.requests }, (_, index) => ({
    status: 200,
    server: [...servers].reverse()[index % servers.length]?.node,
    localPort: 40000 + index,
    seconds: 0.01,
    error: undefined,
  }));
  const addressOf = (node: string | undefined) => servers.find((server) => server.node === node)?.address ?? '';
  const macOf = (node: string | undefined) => plan.nodes.find(({ name }) => name === node)?.nics[0]?.mac ?? '';
  const modeOf = (node: string | undefined) => servers.find((server) => server.node === node)?.mode;
  const { vip, port, scheduler } = plan.service;
  return {
    client: {
      answers,
      neighbour: MAC.director,
      arpReplies: [MAC.director],
      replies: answers.map(({ server, localPort }) => ({
        sender: modeOf(server) === 'nat' ? MAC.director : macOf(server),
        source: vip,
        localPort,
      })),
    },
    director: {
      before: { connections: 0, inPackets: 0, outPackets: 0 },
      after: {
        connections: plan.requests,
        inPackets: 60,
        outPackets: servers.some(({ mode }) => mode === 'nat') ? 50 : 0,
      },
      table: [
        {
          protocol: 'TCP',
          vip,
          port,
          ipv6: false,
          scheduler,
          destinations: [...servers].reverse().map((server) => ({
            address: server.address,
            port: server.port,
            method: { nat: 'Masq', dr: 'Route', tun: 'Tunnel' }[server.mode],
            weight: server.weight,
            active: 0,
            inactive: 6,
          })),
        },
      ],
      tableBefore: [
        {
          protocol: 'TCP',
          vip,
          port,
          ipv6: false,
          scheduler,
          destinations: [...servers].reverse().map(({ address, weight }) => {
            return { address, port, method: 'Route', weight, active: 0, inactive: 0 };
          }),
        },
      ],
      connectionsBefore: [],
      connections: answers.map(({ server, localPort }) => ({
        protocol: 'TCP',
        client: '192.168.1.100',
        clientPort: localPort,
        vip,
        port,
        realServer: addressOf(server),
        realPort: 80,
        state: 'FIN_WAIT',
        expires: 118,
      })),
      thresholds: new Map(
        servers.map(({ address, port: realPort, uthreshold, lthreshold }) => {
          return [`${address}:${realPort}`, { upper: uthreshold, lower: lthreshold }];
        }),
      ),
      settings: new Map([
        ...Object.entries(plan.ipvs.timeouts ?? {}),
        ...plan.ipvs.sysctls.map(({ name, value }): [string, number] => [name, value]),
      ]),
      addresses: [{ name: 'eth0', up: true, addresses: ['192.168.1.2/24', `${vip}/32`] }],
      forward: true,
      reach: servers.map(({ node }) => ({ status: 200, server: node, localPort: 1, seconds: 0, error: undefined })),
    },
    realServers: new Map(
      servers.map(({ node, mode }) => [
        node,
        {
          tunnelBefore: 0,
          tunnelAfter: 30,
          addresses: [
            { name: 'lo', up: true, addresses: mode === 'dr' ? [`${vip}/32`] : [] },
            { name: 'tunl0', up: true, addresses: mode === 'tun' ? [`${vip}/32`] : [] },
          ],
          gateway: plan.nodes.find(({ role }) => role === 'director')?.nics[1]?.address,
          sysctls: new Map([
            ['all.arp_ignore', 1],
            ['nic.arp_ignore', 0],
            ['all.arp_announce', 2],
            ['nic.arp_announce', 0],
            ['all.rp_filter', 0],
            ['tunl0.rp_filter', 0],
          ]),
        },
      ]),
    ),
  };
}

const failing = (plan: Plan, seen: Observations) => judge(plan, seen).filter(({ ok }) => !ok);
const ids = (plan: Plan, seen: Observations) => failing(plan, seen).map(({ id }) => id);

for (const mode of ['dr', 'tun', 'nat', 'mixed-modes']) {
  test(`a healthy ${mode} lab passes every check`, async (t) => {
    const plan = await planOf(mode);
    t.deepEqual(failing(plan, healthy(plan)), []);
  });
}

type Damage = (seen: Observations) => void;
const damages: [title: string, mode: string, check: string, damage: Damage][] = [
  ['an answer out of turn', 'dr', 'sequence', ({ client }) => client.answers.reverse()],
  [
    'a page that names no server of the lab',
    'dr',
    'answers',
    ({ client }) => Object.assign(client.answers[3] ?? {}, { server: 'rs9' }),
  ],
  ['no request sent at all', 'dr', 'answers', ({ client }) => client.answers.splice(0)],
  ['one connection less than requests', 'dr', 'counted', ({ director }) => (director.after.connections -= 1)],
  [
    'two requests over one connection',
    'dr',
    'counted',
    ({ client }) => Object.assign(client.answers[1] ?? {}, { localPort: 40000 }),
  ],
  [
    'another server answered than IPVS chose',
    'dr',
    'counted',
    ({ director }) => Object.assign(director.connections[0] ?? {}, { realServer: '192.168.1.4' }),
  ],
  ['answers through the director in DR', 'dr', 'fingerprint', ({ director }) => (director.after.outPackets = 9)],
  ['nothing through IPVS', 'tun', 'fingerprint', ({ director }) => (director.after.inPackets = 0)],
  ['no answers through the director in NAT', 'nat', 'fingerprint', ({ director }) => (director.after.outPackets = 0)],
  [
    'nothing out of tunl0',
    'tun',
    'tunnel',
    ({ realServers }) => Object.assign(realServers.get('rs1') ?? {}, { tunnelAfter: 0 }),
  ],
  ['no tunl0', 'tun', 'rp-filter', ({ realServers }) => realServers.get('rs1')?.sysctls.delete('tunl0.rp_filter')],
  [
    'strict filter by "all"',
    'tun',
    'rp-filter',
    ({ realServers }) => realServers.get('rs1')?.sysctls.set('all.rp_filter', 1),
  ],
  [
    'an answer from the RIP',
    'nat',
    'source',
    ({ client }) => Object.assign(client.replies[0] ?? {}, { source: '172.16.10.100' }),
  ],
  [
    'an answer by the wrong NIC',
    'dr',
    'source',
    ({ client }) => Object.assign(client.replies[0] ?? {}, { sender: MAC.director }),
  ],
  ['no answer seen on the wire', 'dr', 'source', ({ client }) => client.replies.splice(0)],
  [
    'the client takes rs1 for the VIP',
    'dr',
    'neighbour',
    ({ client }) => Object.assign(client, { neighbour: MAC.rs1 }),
  ],
  ['nobody answers ARP', 'dr', 'arp-owner', ({ client }) => client.arpReplies.splice(0)],
  ['rs2 answers ARP too', 'tun', 'arp-owner', ({ client }) => client.arpReplies.push(MAC.rs2)],
  ['no service in the table', 'dr', 'table', ({ director }) => director.table.splice(0)],
  [
    'a stranger in the table',
    'dr',
    'table',
    ({ director }) => Object.assign(director.table[0]?.destinations[0] ?? {}, { address: '192.168.1.77' }),
  ],
  [
    'another forwarding method',
    'dr',
    'table',
    ({ director }) => Object.assign(director.table[0]?.destinations[0] ?? {}, { method: 'Masq' }),
  ],
  [
    'a threshold that nobody planned',
    'dr',
    'table',
    ({ director }) => director.thresholds.set('192.168.1.4:80', { upper: 1, lower: 0 }),
  ],
  [
    'the one by TUN is routed directly',
    'mixed-modes',
    'table',
    ({ director }) => Object.assign(director.table[0]?.destinations[1] ?? {}, { method: 'Route' }),
  ],
  [
    'the one by NAT answers past the director',
    'mixed-modes',
    'source',
    ({ client }) => Object.assign(client.replies[0] ?? {}, { sender: '52:54:00:02:05:03' }),
  ],
  [
    'the one by DR lacks the VIP',
    'mixed-modes',
    'vip',
    ({ realServers }) => realServers.get('rs1')?.addresses.splice(0),
  ],
  [
    'the one by NAT lacks its gateway',
    'mixed-modes',
    'gateway',
    ({ realServers }) => Object.assign(realServers.get('rs3') ?? {}, { gateway: undefined }),
  ],
  ['nothing through the director', 'mixed-modes', 'fingerprint', ({ director }) => (director.after.outPackets = 0)],
  ['a time-out changed by hand', 'thresholds', 'settings', ({ director }) => director.settings.set('tcpfin', 120)],
  ['the director without the VIP', 'dr', 'director-vip', ({ director }) => director.addresses.splice(0)],
  ['no forwarding', 'nat', 'forwarding', ({ director }) => Object.assign(director, { forward: false })],
  [
    'a dead Apache',
    'nat',
    'reachable',
    ({ director }) => Object.assign(director.reach[0] ?? {}, { status: 0, server: undefined, error: 'refused' }),
  ],
  [
    'VIP on the wrong interface',
    'dr',
    'vip',
    ({ realServers }) => Object.assign(realServers.get('rs1')?.addresses[0] ?? {}, { name: 'eth0' }),
  ],
  [
    'arp_announce too small',
    'dr',
    'arp-quiet',
    ({ realServers }) => realServers.get('rs1')?.sysctls.set('all.arp_announce', 1),
  ],
  [
    'another gateway',
    'nat',
    'gateway',
    ({ realServers }) => Object.assign(realServers.get('rs2') ?? {}, { gateway: '172.16.0.1' }),
  ],
];

for (const [title, mode, check, damage] of damages) {
  test(`${mode}: ${title} fails ${check}, with a hint`, async (t) => {
    const plan = await planOf(mode);
    const seen = healthy(plan);
    damage(seen);
    t.true(ids(plan, seen).includes(check), `failed: ${ids(plan, seen)}`);
    for (const { hint, observed } of failing(plan, seen)) {
      t.truthy(hint);
      t.truthy(observed);
    }
  });
}

test('an rr sequence that goes on from an earlier one is right, a fresh table starts with the last server added', async (t) => {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  const shift = (): void => {
    for (const [index, answer] of seen.client.answers.entries()) {
      answer.server = plan.realServers[index % 2]?.node;
      const connection = seen.director.connections[index];
      if (connection) connection.realServer = plan.realServers[index % 2]?.address ?? '';
      Object.assign(seen.client.replies[index] ?? {}, { sender: index % 2 ? MAC.rs2 : MAC.rs1 });
    }
  };
  shift();
  t.deepEqual(ids(plan, seen), ['sequence']);
  seen.director.before.connections = 7;
  seen.director.after.connections = 7 + plan.requests;
  t.deepEqual(ids(plan, seen), []);
});

import test from 'ava';
import { complaintsIn, distinct, withoutTime } from '../../scripts/experiment/complaints.ts';
import { packetRows } from '../../scripts/experiment/packets.ts';
import { connectionRows, counterRows, serverRows } from '../../scripts/experiment/rows.ts';
import { parseConnections, parseTable } from '../../scripts/ipvs/parse.ts';
import { parseStats } from '../../scripts/ipvs/stats.ts';
import * as build from '../capture/build.ts';
import { arpExchange, frameOf, macOf } from '../path/made.ts';
import { planOf } from '../render/golden.ts';

const dr = await planOf('dr');
const tun = await planOf('tun');

test('packets tell both ends of the wire and of the innermost packet, tunnels, fragments and ICMP errors', (t) => {
  const hop = { network: 'front', from: 'client', to: 'director', ttl: 64 } as const;
  const request = { ...hop, source: '192.168.1.100 20001', target: '192.168.1.3 80' };
  const syn = (sourcePort: number, targetPort: number) =>
    build.tcp({ sourcePort, targetPort, sequence: 1, acknowledgement: 0, flags: ['ACK', 'SYN'], payload: 0 });
  const inTunnel = {
    ...request,
    from: 'director',
    to: 'rs1',
    tunnel: { by: 'ipip', source: '192.168.1.2', target: '192.168.1.4' },
  } as const;
  const [plain, tunnelled] = packetRows(tun, [frameOf(tun, request, syn, 1), frameOf(tun, inTunnel, syn, 2)]);
  t.like(plain, {
    network: 'front',
    by: 'client',
    for: 'director',
    from: ['192.168.1.100', 'client'],
    to: ['192.168.1.3', 'vip'],
    protocol: 'tcp',
    from_port: 20001,
    to_port: 80,
    flags: 'SYN ACK',
    tunnel: 'none',
    fragment: false,
    size: 52,
    data: 0,
  });
  t.like(tunnelled, { by: 'director', for: 'rs1', from: plain?.from, to: plain?.to, tunnel: 'ipip', size: 72 });

  const [first, later] = [
    { id: 7, offset: 0, more: true },
    { id: 7, offset: 1480, more: false },
  ].map((fragment) => {
    const inside = fragment.offset === 0 ? build.udp(5, 53, build.data(100)) : { ...build.data(20), protocol: 17 };
    const packet = build.ipv4({ source: '192.168.1.100', target: '192.168.1.3', ttl: 64, fragment }, inside);
    const bytes = build.ethernet(macOf(dr, 'client', 'front'), 'ff:ff:ff:ff:ff:ff', packet);
    return packetRows(dr, [{ network: 'front', bytes }])[0];
  });
  t.like(first, { fragment: true, protocol: 'udp', to_port: 53, for: 'all' });
  t.like(later, { fragment: true, protocol: 'udp', to_port: undefined });

  const [ask, answer] = packetRows(dr, arpExchange(dr, 'front', 'client', '192.168.1.3', 'director'));
  t.like(ask, { protocol: 'arp', from: ['192.168.1.100', 'client'], to: ['192.168.1.3', 'vip'], for: 'all' });
  t.like(answer, { protocol: 'arp', by: 'director', for: 'client', from: ['192.168.1.3', 'vip'] });
});

test('the tables of IPVS name real servers, nodes and services as the lab does', (t) => {
  const table = parseTable('TCP  C0A80103:0050 rr\n  -> C0A80105:0050      Route   0      2          1\n');
  t.deepEqual(serverRows(dr, 'director', table), [
    {
      on: 'director',
      service: 'TCP 192.168.1.3:80',
      server: 'rs2',
      scheduler: 'rr',
      weight: 0,
      active: 2,
      inactive: 1,
    },
  ]);
  const connections = parseConnections('TCP C0A80164 4E21 C0A80103 0050 C0A80109 0050 ESTABLISHED     899\n');
  t.deepEqual(connectionRows(dr, 'director', connections), [
    {
      on: 'director',
      protocol: 'TCP',
      client: ['192.168.1.100', 'client'],
      client_port: 20001,
      vip: '192.168.1.3',
      port: 80,
      server: '192.168.1.9',
      state: 'ESTABLISHED',
      expires: 899,
    },
  ]);
});

test('counters are what was counted in between, from 0 on for a real server that was added anew', (t) => {
  const stats = (...rows: [string, number][]) =>
    parseStats(rows.map(([name, count]) => `${name} ${count} ${count} 0 ${count * 60} 0`).join('\n'));
  const before = stats(['TCP  192.168.1.3:80', 10], ['  -> 192.168.1.4:80', 6], ['  -> 192.168.1.5:80', 4]);
  const after = stats(['TCP  192.168.1.3:80', 13], ['  -> 192.168.1.4:80', 8], ['  -> 192.168.1.5:80', 1]);
  t.deepEqual(
    counterRows(dr, 'director', before, after).map(({ server, connections, in_bytes }) => [
      server,
      connections,
      in_bytes,
    ]),
    [
      ['all', 3, 180],
      ['rs1', 2, 120],
      ['rs2', 1, 60],
    ],
  );
});

test('reports of a kernel are found in a console and in dmesg, each once; what a slow host causes is none', (t) => {
  const report = [
    'WARNING: CPU: 0 PID: 12 at net/netfilter/ipvs/ip_vs_conn.c:1 ip_vs_conn_put+0x1/0x2',
    'Call Trace:',
    ' <TASK>',
    '---[ end trace 0000000000000000 ]---',
  ];
  const dmesg = report.map((line) => `[   12.345678] ${line}`).join('\n');
  const text = `[    1.000000] IPVS: ipvs loaded.\n${dmesg}\n[   13.000000] IPVS: something else\n`;
  t.deepEqual(complaintsIn('director', text), [{ node: 'director', lines: report }]);
  t.is(distinct([...complaintsIn('director', text), ...complaintsIn('director', report.join('\r\n'))]).length, 1);
  for (const line of [
    'BUG: KASAN: slab-use-after-free in ip_vs_conn_expire+0x10/0x20 [ip_vs]',
    'BUG: kernel NULL pointer dereference, address: 0000000000000000',
    'Oops: 0000 [#1] PREEMPT SMP',
    'INFO: task kworker/0:1:12 blocked for more than 120 seconds.',
    'Kernel panic - not syncing: Fatal exception',
  ])
    t.is(complaintsIn('rs1', line).length, 1, line);
  for (const line of [
    'watchdog: BUG: soft lockup - CPU#0 stuck for 26s!',
    'rcu: INFO: rcu_preempt self-detected stall on CPU',
    'IPVS: [rr] scheduler registered.',
    'debug: WARNINGS are off',
  ])
    t.is(complaintsIn('rs1', line).length, 0, line);
  t.is(withoutTime('<4>[  1.5][ T12] IPVS: x'), 'IPVS: x');
});

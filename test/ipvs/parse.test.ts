import test from 'ava';
import { parseConnections, parseCounters, parseTable } from '../../scripts/ipvs/parse.ts';

test('the table: services and their destinations in the kernel’s order', (t) => {
  const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0A80103:0050 rr 
  -> C0A80105:0050      Route   1      0          6         
  -> C0A80104:0050      Route   0      2          6         
UDP  C0A80103:0035 wlc persistent 300 FFFFFFFF
  -> AC100A64:0035      Masq    65535  0          0         
`;
  t.deepEqual(parseTable(text), [
    {
      protocol: 'TCP',
      vip: '192.168.1.3',
      port: 80,
      ipv6: false,
      scheduler: 'rr',
      destinations: [
        { address: '192.168.1.5', port: 80, method: 'Route', weight: 1, active: 0, inactive: 6 },
        { address: '192.168.1.4', port: 80, method: 'Route', weight: 0, active: 2, inactive: 6 },
      ],
    },
    {
      protocol: 'UDP',
      vip: '192.168.1.3',
      port: 53,
      ipv6: false,
      scheduler: 'wlc',
      destinations: [{ address: '172.16.10.100', port: 53, method: 'Masq', weight: 65535, active: 0, inactive: 0 }],
    },
  ]);
});

test('the connection table', (t) => {
  const text = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C0A80164 B6D6 C0A80103 0050 C0A80104 0050 FIN_WAIT        118
TCP C0A80164 B6D8 C0A80103 0050 C0A80105 0050 SYN_RECV         59
`;
  t.deepEqual(
    parseConnections(text).map(({ clientPort, realServer, state, expires }) => ({
      clientPort,
      realServer,
      state,
      expires,
    })),
    [
      { clientPort: 46806, realServer: '192.168.1.4', state: 'FIN_WAIT', expires: 118 },
      { clientPort: 46808, realServer: '192.168.1.5', state: 'SYN_RECV', expires: 59 },
    ],
  );
});

test('the counters: rows of CPUs are added up, the lagging row ~ and the rates are left alone', (t) => {
  const text = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0       1C       AB        0             3A2F                0
  1        4       10        2              100               20
  ~        0        0        0                0                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           6       24        0              C21                0
`;
  t.deepEqual(parseCounters(text), { connections: 32, inPackets: 187, outPackets: 2, inBytes: 0x3b2f, outBytes: 0x20 });
});

test('nothing comes of nothing', (t) => {
  t.deepEqual(parseTable(''), []);
  t.deepEqual(parseConnections('no such file'), []);
  t.deepEqual(parseCounters(''), { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 });
});

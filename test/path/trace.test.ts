import test from 'ava';
import { decisionsOf } from '../../scripts/path/align.ts';
import { reasonText } from '../../scripts/path/reasons.ts';
import { parseTrace } from '../../scripts/path/trace.ts';
import { caseOf } from './cases.ts';
import { printed, tracked } from './drawn.ts';
import { conversation, type MadeSegment } from './made.ts';

const syn: MadeSegment = { way: 'there', flags: ['SYN'] };

/** As tracefs of Debian 13 prints it; the second packet is of the management NIC. */
const director = `@@nic front eth1
@@other lo
@@other eth0
@@other eth1
@@trace
# tracer: function
#
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
          <idle>-0       [000] ..s2.    52.123450: netif_receive_skb: dev=eth1 skbaddr=00000000c1b2a3d4 len=52
          <idle>-0       [000] ..s2.    52.123460: ip_list_rcv <-__netif_receive_skb_list_core
          <idle>-0       [000] ..s2.    52.123470: ip_vs_in_hook <-nf_hook_slow
          <idle>-0       [000] ..s2.    52.123480: ip_vs_schedule <-ip_vs_in_hook
          <idle>-0       [000] ..s2.    52.123490: ip_vs_rr_schedule <-ip_vs_schedule
          <idle>-0       [000] ..s2.    52.123500: ip_vs_conn_new <-ip_vs_schedule
          <idle>-0       [000] ..s2.    52.123510: ip_vs_dr_xmit <-ip_vs_in_hook
          <idle>-0       [000] ..s3.    52.123520: ip_vs_in_hook <-nf_hook_slow
          <idle>-0       [000] ..s2.    52.123600: netif_receive_skb: dev=eth0 skbaddr=00000000c1b2a3d4 len=60
          <idle>-0       [000] ..s2.    52.123610: ip_vs_in_hook <-nf_hook_slow
        dropbear-311     [000] .....    52.123700: kfree_skb: skbaddr=00000000aa protocol=2048 location=tcp_ack+0x1/0x2 reason: NOT_SPECIFIED
@@traced
`;

const rs1 = `@@nic front ens3
@@trace
 ksoftirqd/0-15      [000] ..s1.    52.200000: netif_receive_skb: dev=ens3 skbaddr=00000000c1b2a3d4 len=52
 ksoftirqd/0-15      [000] ..s1.    52.200010: ip_list_rcv <-__netif_receive_skb_list_core
 ksoftirqd/0-15      [000] ..s1.    52.200020: kfree_skb: skbaddr=00000000c1b2a3d4 rx_sk=0000000000000000 protocol=2048 location=tcp_v4_rcv+0x13f/0xdc0 reason: NO_SOCKET
@@traced
`;

test('the trace of a node has the packets of its lab NICs, and what was done with each', (t) => {
  t.deepEqual(parseTrace('director', director).handled, [
    {
      network: 'front',
      lengths: [52],
      functions: ['ip_vs_in_hook', 'ip_vs_schedule', 'ip_vs_rr_schedule', 'ip_vs_conn_new', 'ip_vs_dr_xmit'],
      drops: [],
    },
  ]);
  t.deepEqual(parseTrace('rs1', rs1).handled, [
    { network: 'front', lengths: [52], functions: [], drops: [{ reason: 'NO_SOCKET', where: 'tcp_v4_rcv' }] },
  ]);
});

test('of packets that came together each has its own row of functions; a drop that could be of either is left out', async (t) => {
  const { plan, there, back } = await caseOf('dr');
  const frames = conversation(plan, { there, back }, [syn, { way: 'there', flags: ['ACK'] }]);
  const both = {
    network: 'front',
    lengths: [52, 52],
    functions: ['ip_vs_in_hook', 'ip_vs_schedule', 'ip_vs_in_hook', 'ip_vs_dr_xmit'],
    drops: [{ reason: 'NETFILTER_DROP', where: 'nf_hook_slow' }],
  };
  t.deepEqual(
    [...decisionsOf(plan, frames, [{ node: 'director', handled: [both] }])],
    [
      [0, { node: 'director', functions: ['ip_vs_in_hook', 'ip_vs_schedule'] }],
      [2, { node: 'director', functions: ['ip_vs_in_hook', 'ip_vs_dr_xmit'] }],
    ],
  );
});

test('a kernel without names of places still names the reason', (t) => {
  const old = rs1.replace('rx_sk=0000000000000000 ', '').replace('tcp_v4_rcv+0x13f/0xdc0', '000000003e6e7d2c');
  t.deepEqual(parseTrace('rs1', old).handled[0]?.drops, [{ reason: 'NO_SOCKET', where: '' }]);
});

test('the ladder names the functions that decided, and why a kernel dropped the packet', async (t) => {
  const { plan, service, server, there, back } = await caseOf('dr');
  const frames = conversation(plan, { there, back }, [syn]);
  const traces = [parseTrace('director', director), parseTrace('rs1', rs1)];
  const decisions = decisionsOf(plan, frames, traces);
  const text = printed(plan, { ...tracked(plan, service, frames, { server }), decisions });
  t.regex(text, /ip_vs_in_hook → ip_vs_schedule/);
  t.regex(text, /dropped: NO_SOCKET: no socket here takes it/);
  t.regex(text.replace(/\s+/g, ' '), /reason the kernel of rs1 dropped it: NO_SOCKET: .* \(tcp_v4_rcv\)/);
});

test('a reason that has no words is printed as it is', (t) => {
  t.is(reasonText({ reason: 'SOMETHING_NEW', where: 'ip_rcv' }), 'SOMETHING_NEW (ip_rcv)');
});

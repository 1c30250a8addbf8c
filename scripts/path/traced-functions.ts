/** Functions whose call shows what the kernel did with a packet. The ladder diagram shows their names. */
const deciding = [
  // IPVS: what is chosen for a new connection, and how a packet is sent on
  'ip_vs_in_hook',
  'ip_vs_schedule',
  'ip_vs_sched_persist',
  'ip_vs_*_schedule',
  'ip_vs_conn_new',
  'ip_vs_leave',
  'ip_vs_*_xmit',
  'ip_vs_*_xmit_v6',
  'ip_vs_in_icmp*',
  'ip_vs_out_icmp*',
  'ip_vs_nat_icmp*',
  'tcp_dnat_handler',
  'tcp_snat_handler',
  'udp_dnat_handler',
  'udp_snat_handler',
  'sctp_dnat_handler',
  'sctp_snat_handler',
  // refusals
  'tcp_v4_send_reset',
  'tcp_v6_send_reset',
  '__icmp_send',
  'icmp6_send',
  // routing
  'ip_forward',
  'ip6_forward',
];

/** Functions that take packets from a NIC: where they are called, a new packet begins. */
export const receiving = ['ip_rcv', 'ip_list_rcv', 'ipv6_rcv', 'ipv6_list_rcv', 'arp_rcv'];

/** What is traced: names and patterns for set_ftrace_filter (Documentation/trace/ftrace.rst). */
export const tracedFunctions: readonly string[] = [...deciding, ...receiving];

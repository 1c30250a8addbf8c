import { own } from '../../own.ts';
import { shellQuote } from '../../render/shell-quote.ts';
import type { Facts, Section } from '../section.ts';

/** What a setting decides, by the end of its name. Each text is true for any value. */
const meanings: Record<string, string> = {
  arp_ignore: 'whether the node answers ARP for addresses that another of its devices has, such as a VIP on lo',
  arp_announce: 'whether the node sends ARP requests with an address of another device as sender, such as a VIP on lo',
  arp_filter: 'whether each device answers ARP only for addresses that are routed through it',
  arp_accept: 'whether the node learns the MACs of neighbours for which it did not ask',
  arp_notify: 'whether the node announces its addresses when a device comes up',
  drop_gratuitous_arp: 'whether the node ignores announcements of a VIP that has moved',
  proxy_arp: 'whether the node answers ARP for addresses of other machines',
  rp_filter: 'whether packets are dropped whose source would be answered through another device',
  ip_forward: 'whether the node forwards packets for other machines',
  forwarding: 'whether the node forwards packets for other machines',
  send_redirects: 'whether the node tells other machines a better route by ICMP redirect',
  accept_redirects: 'whether the node uses a better route that an ICMP redirect tells it',
  accept_local: 'whether the node accepts packets whose source is an address of its own',
  route_localnet: 'whether packets for 127.0.0.0/8 may come from outside',
  accept_source_route: 'whether a packet may name its own route',
  disable_ipv6: 'whether the device has no IPv6 address and takes no IPv6 packets',
  disable_policy: 'whether IPsec policies are ignored on this device',
  accept_ra: 'whether routers may give this device addresses and routes',
  accept_dad: 'whether an IPv6 address is used that another machine also has',
  icmp_echo_ignore_all: 'whether the node ignores pings',
  icmp_echo_ignore_broadcasts: 'whether the node ignores pings to broadcast addresses',
  ip_no_pmtu_disc: 'whether the node does without path MTU discovery',
  tcp_mtu_probing: 'whether TCP notices by itself that large packets are lost',
  ip_local_port_range: 'the ports from which the node opens connections: when all are in use, it opens none',
  ip_local_reserved_ports: 'ports from which the node opens no connections',
  ip_nonlocal_bind: 'whether a daemon may listen at an address that the node does not have',
  ip_default_ttl: 'how many routers a packet of this node may pass',
  ip_early_demux: 'whether packets of known connections take a short cut through the kernel',
  tcp_syncookies: 'whether connections are accepted when too many are half open',
  tcp_max_syn_backlog: 'how many half-open connections wait',
  tcp_abort_on_overflow: 'whether new connections are refused, and not silently dropped, when the accept queue is full',
  tcp_timestamps: 'whether TCP sends timestamps, which tell an old packet from a new one',
  tcp_tw_reuse: 'whether the port of a connection that has just been closed is used again',
  tcp_fin_timeout: 'how long a closed connection is kept',
  tcp_rmem: 'how much TCP may receive before a program reads it',
  tcp_wmem: 'how much TCP may keep until it is sent',
  tcp_mem: 'how much memory TCP may use in all',
  tcp_sack: 'whether only the packets that were lost are sent again',
  tcp_window_scaling: 'whether more than 64 kB may be on the way unacknowledged',
  tcp_congestion_control: 'how quickly TCP sends',
  tcp_ecn: 'whether TCP asks routers to mark packets instead of dropping them',
  tcp_base_mss: 'the size of packets with which TCP begins to look for the largest',
  tcp_min_snd_mss: 'the smallest packets that TCP sends',
  somaxconn: 'how many accepted connections wait for a daemon; more are dropped',
  netdev_max_backlog: 'how many received packets wait; more are dropped',
  default_qdisc: 'the queueing discipline that new devices get',
  nf_conntrack_max: 'how many connections the firewall knows; packets of more are dropped',
  nf_conntrack_tcp_be_liberal: 'whether packets outside of the TCP window count as valid',
  nf_conntrack_tcp_loose: 'whether the firewall accepts connections whose beginning it did not see',
  conntrack: 'whether the firewall knows the connections of IPVS, which some rules need',
  expire_nodest_conn: 'whether connections to a removed real server end at once',
  expire_quiescent_template: 'whether persistent clients leave a real server with weight 0',
  conn_reuse_mode: 'whether a client that uses a port again gets a new real server',
  sloppy_tcp: 'whether IPVS accepts a connection whose first packet is not a SYN',
  drop_entry: 'whether IPVS drops table entries when memory is short, or always',
  drop_packet: 'whether IPVS drops packets when memory is short, or always',
  secure_tcp: 'which time-outs of TCP states IPVS uses',
  amemthresh: 'the memory below which IPVS defends itself',
  backup_only: 'whether a backup director leaves packets for the VIP alone, so that they do not go in circles',
  snat_reroute: 'whether answers with NAT are routed again with the VIP as source',
  sync_threshold: 'after how many packets a director tells the other one about a connection',
  nat_icmp_send: 'whether clients get an ICMP error when a real server with NAT is gone',
  pmtu_disc: 'whether clients get an ICMP error when a packet is too large for the tunnel',
  schedule_icmp: 'whether ICMP packets begin a connection',
  cache_bypass: 'whether packets go to their own destination when no real server is left',
  run_estimation: 'whether IPVS computes rates',
  gc_thresh1: 'how many neighbour entries are always kept',
  gc_thresh2: 'how many neighbour entries are kept for a while',
  gc_thresh3: 'how many neighbour entries there may be; more are refused',
  ucast_solicit: 'how often a known neighbour is asked before it counts as gone',
  mcast_solicit: 'how often a new neighbour is asked',
  base_reachable_time_ms: 'how long a neighbour counts as reachable',
  retrans_time_ms: 'the time between two questions for a neighbour',
  locktime: 'how long a neighbour’s MAC may not change',
  unres_qlen_bytes: 'how many bytes of packets wait for the MAC of a neighbour',
  'bridge-nf-call-iptables': 'whether firewall rules apply to frames on a bridge',
  hostname: 'the node’s name',
  'file-max': 'how many files may be open; without one no connection is accepted',
  nr_open: 'how many files one process may open',
  pid_max: 'how many processes there may be',
  'threads-max': 'how many threads there may be',
  overcommit_memory: 'whether programs may reserve more memory than there is',
};

const conntrackMax = 'net.netfilter.nf_conntrack_max';
const conntrackBuckets = 'net.netfilter.nf_conntrack_buckets';

/** The kernel makes no table of fewer buckets by itself, and lets it have as many connections at least (nf_conntrack_core.c). */
const fewestBuckets = 1024;

/** The kernel's value of a setting that appears with a module; undefined when that is not known. */
export function givenValue(key: string, facts: Facts): string | undefined {
  if (key === conntrackBuckets) return String(fewestBuckets);
  if (key === conntrackMax) return String(Math.max(fewestBuckets, Number(facts.of('sysctl', conntrackBuckets) ?? 0)));
  return own(given, key);
}

/** Whether a setting that appeared with a module is as the kernel made it, as far as that is known. */
export function isGiven(key: string, value: string, facts: Facts): boolean {
  const given = givenValue(key, facts);
  if (given === undefined || value === given) return true;
  return [conntrackMax, conntrackBuckets].includes(key) && Number(value) >= Number(given);
}

/** Seconds, as in Linux 6.1 and 6.12 (nf_conntrack_proto_tcp.c, _udp.c, _icmp.c, _icmpv6.c, _gre.c, _generic.c). */
const timeouts = {
  ...{ tcp_timeout_syn_sent: 120, tcp_timeout_syn_recv: 60, tcp_timeout_established: 432_000 },
  ...{ tcp_timeout_fin_wait: 120, tcp_timeout_close_wait: 60, tcp_timeout_last_ack: 30, tcp_timeout_time_wait: 120 },
  ...{ tcp_timeout_close: 10, tcp_timeout_max_retrans: 300, tcp_timeout_unacknowledged: 300 },
  ...{ udp_timeout: 30, udp_timeout_stream: 120, icmp_timeout: 30, icmpv6_timeout: 30, generic_timeout: 600 },
  ...{ gre_timeout: 30, gre_timeout_stream: 180 },
};

const given: Record<string, string> = {
  'net.netfilter.nf_conntrack_tcp_be_liberal': '0',
  'net.netfilter.nf_conntrack_tcp_loose': '1',
  'net.netfilter.nf_conntrack_tcp_max_retrans': '3',
  'net.netfilter.nf_conntrack_checksum': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
  ...Object.fromEntries(
    Object.entries(timeouts).map(([name, value]) => [`net.netfilter.nf_conntrack_${name}`, String(value)]),
  ),
};

export const sysctl: Section = {
  name: 'sysctl',
  meaning: ({ key }) => own(meanings, key.split('.').at(-1) ?? '') ?? 'a setting of the kernel',
  undo(difference, states) {
    const { key } = difference;
    const before = difference.before ?? givenValue(key, states.after);
    if (before === undefined) return undefined;
    const parts = key.split('.');
    if (['conf', 'neigh'].includes(parts[2] ?? '')) {
      parts[3] = states.device((parts[3] ?? '').replaceAll('/', '.')).replaceAll('.', '/');
    }
    const setting = `${parts.join('.')}=${before}`;
    return `sysctl -w ${/^[\w./-]+=[\w./:-]*$/.test(setting) ? setting : shellQuote(setting)}`;
  },
};

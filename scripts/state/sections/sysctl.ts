import { shellQuote } from '../../render/shell-quote.ts';
import type { Facts, Section } from '../section.ts';

/** What a setting decides, by its name or its end. True whatever its value is. */
const meanings: Record<string, string> = {
  arp_ignore: 'whether the node answers ARP for addresses that another of its devices has, such as a VIP on lo',
  arp_announce: 'whether the node asks by ARP with an address of another device as sender, from which others learn it',
  arp_filter: 'whether each device answers ARP only for addresses that are routed through it',
  arp_accept: 'whether the node learns neighbours that it did not ask for',
  arp_notify: 'whether the node announces its addresses when a device comes up',
  drop_gratuitous_arp: 'whether the node ignores announcements of a VIP that has moved',
  proxy_arp: 'whether the node answers ARP for addresses of others',
  rp_filter: 'whether packets are dropped whose source would be answered through another device',
  ip_forward: 'whether the node passes on packets that are for others',
  forwarding: 'whether the node passes on packets that are for others',
  send_redirects: 'whether the node tells others a shorter way, past itself',
  accept_redirects: 'whether the node takes a shorter way that another one tells it',
  accept_local: 'whether the node takes packets whose source is an address of its own',
  route_localnet: 'whether packets for 127.0.0.0/8 may come from outside',
  accept_source_route: 'whether a packet may name its own way',
  disable_ipv6: 'without IPv6 the device has no IPv6 address',
  disable_policy: 'whether policies of IPsec count on this device',
  accept_ra: 'whether routers may give this device addresses and routes',
  accept_dad: 'whether an IPv6 address is used that another machine has as well',
  icmp_echo_ignore_all: 'whether the node answers pings',
  icmp_echo_ignore_broadcasts: 'whether the node answers pings that go to all',
  ip_no_pmtu_disc: 'whether the node finds out the largest packet that a path takes',
  tcp_mtu_probing: 'whether TCP finds out by itself that large packets are lost',
  ip_local_port_range: 'the ports from which the node opens connections: when none is left, it opens none',
  ip_local_reserved_ports: 'ports from which the node opens no connections',
  ip_nonlocal_bind: 'whether a daemon may listen at an address that the node does not have',
  ip_default_ttl: 'how many routers a packet of this node may pass',
  ip_early_demux: 'a short cut for packets of known connections',
  tcp_syncookies: 'whether connections are accepted when too many are half open',
  tcp_max_syn_backlog: 'how many half-open connections wait',
  tcp_abort_on_overflow: 'whether a full queue of connections refuses more of them, or drops them silently',
  tcp_timestamps: 'whether TCP sends times, which tell an old packet from a new one',
  tcp_tw_reuse: 'whether a port is used again that has just been used',
  tcp_fin_timeout: 'how long a closed connection is kept',
  tcp_rmem: 'how much TCP may receive before a program reads it',
  tcp_wmem: 'how much TCP may keep until it is sent',
  tcp_mem: 'how much memory TCP takes at all',
  tcp_sack: 'whether lost packets are repeated one by one',
  tcp_window_scaling: 'whether more than 64 kB may be on the way',
  tcp_congestion_control: 'how quickly TCP sends',
  tcp_ecn: 'whether TCP asks routers to mark packets instead of dropping them',
  tcp_base_mss: 'the size of packets with which TCP begins to look for the largest',
  tcp_min_snd_mss: 'the smallest packets that TCP sends',
  somaxconn: 'how many accepted connections wait for a daemon; more are dropped',
  netdev_max_backlog: 'how many received packets wait; more are dropped',
  default_qdisc: 'the queue that new devices get',
  nf_conntrack_max: 'how many connections the firewall knows; packets of more are dropped',
  nf_conntrack_tcp_be_liberal: 'whether packets outside of the window are marked as invalid',
  nf_conntrack_tcp_loose: 'whether the firewall takes up connections whose beginning it did not see',
  conntrack: 'whether the firewall knows the connections of IPVS, which some rules need',
  expire_nodest_conn: 'whether clients of a server that was removed are told at once',
  expire_quiescent_template: 'whether persistent clients leave a server with weight 0',
  conn_reuse_mode: 'whether a client that uses a port again gets a new server',
  sloppy_tcp: 'whether a connection may begin with a packet in its middle',
  drop_entry: 'whether IPVS drops entries when memory is short, or always',
  drop_packet: 'whether IPVS drops packets when memory is short, or always',
  secure_tcp: 'which time-outs of TCP states IPVS uses',
  amemthresh: 'the memory below which IPVS defends itself',
  backup_only: 'whether a backup director passes on packets for the VIP, which may make them go round',
  snat_reroute: 'whether answers by NAT are routed anew with the VIP as source',
  sync_threshold: 'after how many packets a connection is told to the other director',
  nat_icmp_send: 'whether clients are told that a real server by NAT is gone',
  pmtu_disc: 'whether clients are told that a packet is too large for the tunnel',
  schedule_icmp: 'whether ICMP packets begin a connection',
  cache_bypass: 'whether packets without a server go to their own destination',
  run_estimation: 'whether IPVS counts rates',
  gc_thresh1: 'how many neighbours are kept in any case',
  gc_thresh2: 'how many neighbours are kept for a while',
  gc_thresh3: 'how many neighbours there may be; no more are found',
  ucast_solicit: 'how often a known neighbour is asked before it counts as gone',
  mcast_solicit: 'how often a new neighbour is asked',
  base_reachable_time_ms: 'how long a neighbour counts as reachable',
  retrans_time_ms: 'the time between two questions for a neighbour',
  locktime: 'how long a neighbour’s MAC may not change',
  unres_qlen_bytes: 'how much waits for the answer of a neighbour',
  'bridge-nf-call-iptables': 'whether rules of the firewall count for frames on a bridge',
  hostname: 'the node’s name',
  'file-max': 'how many files may be open; without one no connection is accepted',
  nr_open: 'how many files one process may open',
  pid_max: 'how many processes there may be',
  'threads-max': 'how many threads there may be',
  overcommit_memory: 'whether a program gets memory that is not there yet',
};

const conntrackMax = 'net.netfilter.nf_conntrack_max';
const conntrackBuckets = 'net.netfilter.nf_conntrack_buckets';

/** The kernel makes no table of fewer buckets by itself, and lets it have as many connections at least (nf_conntrack_core.c). */
const fewestBuckets = 1024;

/** What the kernel gives to settings that appear with a module; undefined where that is not known. */
export function givenValue(key: string, facts: Facts): string | undefined {
  if (key === conntrackBuckets) return String(fewestBuckets);
  if (key === conntrackMax) return String(Math.max(fewestBuckets, Number(facts.of('sysctl', conntrackBuckets) ?? 0)));
  return given[key];
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
  meaning: ({ key }) => meanings[key.split('.').at(-1) ?? ''] ?? 'a setting of the kernel',
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

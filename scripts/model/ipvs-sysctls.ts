/** Settings in net.ipv4.vs that are one whole number: vs_vars in net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1 and later. */
export const ipvsSysctls = [
  'am_droprate',
  'amemthresh',
  'backup_only',
  'cache_bypass',
  'conn_reuse_mode',
  'conntrack',
  'drop_entry',
  'drop_packet',
  'expire_nodest_conn',
  'expire_quiescent_template',
  'ignore_tunneled',
  'nat_icmp_send',
  'pmtu_disc',
  'run_estimation',
  'schedule_icmp',
  'secure_tcp',
  'sloppy_sctp',
  'sloppy_tcp',
  'snat_reroute',
  'sync_persist_mode',
  'sync_ports',
  'sync_qlen_max',
  'sync_refresh_period',
  'sync_retries',
  'sync_sock_size',
  'sync_version',
] as const;
export type IpvsSysctl = (typeof ipvsSysctls)[number];

/** The largest value, for settings where the kernel refuses larger ones (proc_do_defense_mode, proc_do_sync_mode, extra2). */
export const ipvsSysctlLimits: Record<string, number> = {
  drop_entry: 3,
  drop_packet: 3,
  secure_tcp: 3,
  sync_version: 1,
  sync_retries: 3,
  sync_ports: 64,
};

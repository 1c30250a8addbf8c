/** Settings in net.ipv4.vs: vs_vars in net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1 and later. All but the last two are one whole number. */
export const ipvsSysctls = [
  'am_droprate',
  'amemthresh',
  'backup_only',
  'cache_bypass',
  'conn_lfactor',
  'conn_reuse_mode',
  'conntrack',
  'drop_entry',
  'drop_packet',
  'est_nice',
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
  'svc_lfactor',
  'sync_persist_mode',
  'sync_ports',
  'sync_qlen_max',
  'sync_refresh_period',
  'sync_retries',
  'sync_sock_size',
  'sync_version',
  'est_cpulist',
  'sync_threshold',
] as const;
export type IpvsSysctl = (typeof ipvsSysctls)[number];

/** Those that are text, and what they hold. */
export const ipvsSysctlTexts: Partial<Record<IpvsSysctl, { pattern: RegExp; what: string; example: string }>> = {
  est_cpulist: { pattern: /^\d+(-\d+)?(,\d+(-\d+)?)*$/, what: 'a list of CPUs', example: '0-1,3' },
  sync_threshold: { pattern: /^\d+ \d+$/, what: 'two whole numbers: threshold and period', example: '3 50' },
};

/**
 * The smallest and the largest value, for settings where the kernel refuses others (proc_do_defense_mode, proc_do_sync_mode, extra1
 * and extra2, ipvs_proc_est_nice, ipvs_proc_conn_lfactor).
 */
export const ipvsSysctlLimits: Readonly<Record<string, readonly [least: number, most: number]>> = {
  drop_entry: [0, 3],
  drop_packet: [0, 3],
  secure_tcp: [0, 3],
  sync_version: [0, 1],
  sync_retries: [0, 3],
  sync_ports: [0, 64],
  est_nice: [-20, 19],
  conn_lfactor: [-8, 8],
  svc_lfactor: [-8, 8],
};

/** The kernels that have them, where these are not all that a lab can have. */
export const ipvsSysctlsSince: Readonly<Record<string, string>> = {
  run_estimation: '6.2',
  est_cpulist: '6.2',
  est_nice: '6.2',
  conn_lfactor: '7.1',
  svc_lfactor: '7.1',
};

/** Values that the kernel sets itself (ip_vs_control_net_init_sysctl); of others they depend on the machine. */
export const ipvsSysctlDefaults: Readonly<Partial<Record<IpvsSysctl, string>>> = {
  am_droprate: '10',
  amemthresh: '1024',
  backup_only: '0',
  cache_bypass: '0',
  conn_reuse_mode: '1',
  conntrack: '0',
  drop_entry: '0',
  drop_packet: '0',
  est_nice: '0',
  expire_nodest_conn: '0',
  expire_quiescent_template: '0',
  ignore_tunneled: '0',
  nat_icmp_send: '0',
  pmtu_disc: '1',
  run_estimation: '1',
  schedule_icmp: '0',
  secure_tcp: '0',
  sloppy_sctp: '0',
  sloppy_tcp: '0',
  snat_reroute: '1',
  sync_persist_mode: '0',
  sync_ports: '1',
  sync_refresh_period: '0',
  sync_retries: '0',
  sync_sock_size: '0',
  sync_version: '1',
  sync_threshold: '3 50',
};

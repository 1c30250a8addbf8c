/** Words that begin a block, also where its brace is missing. */
export const alwaysBlocks: ReadonlySet<string> = new Set([
  'global_defs',
  'vrrp_instance',
  'vrrp_sync_group',
  'virtual_server_group',
  'virtual_server',
  'real_server',
  'HTTP_GET',
  'SSL_GET',
  'TCP_CHECK',
  'SMTP_CHECK',
  'DNS_CHECK',
  'MISC_CHECK',
  'BFD_CHECK',
  'PING_CHECK',
  'UDP_CHECK',
  'FILE_CHECK',
]);

/** Words at the top of a file, of keepalived.conf(5). */
const top = `net_namespace net_namespace_ipvs namespace_with_ipsets use_pid_dir instance child_wait_time linkbeat_use_polling
  linkbeat_interfaces interface_up_down_delays garp_group global_defs static_ipaddress static_routes static_rules track_group
  track_file vrrp_track_file vrrp_track_process vrrp_script vrrp_sync_group vrrp_instance bfd_instance SSL
  virtual_server_group virtual_server`;

const virtualServer = `ip_family retry delay_before_retry warmup connect_timeout delay_loop inhibit_on_failure lb_algo lvs_sched
  hashed ops flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback lb_kind lvs_method persistence_engine
  persistence_timeout persistence_granularity protocol ha_suspend smtp_alert virtualhost snmp_name alpha omega quorum_up
  quorum_down quorum hysteresis weight sorry_server sorry_server_inhibit sorry_server_lvs_method real_server`;

const realServer = `weight lvs_method uthreshold lthreshold inhibit_on_failure notify_up notify_down alpha retry
  delay_before_retry warmup connect_timeout delay_loop smtp_alert virtualhost snmp_name HTTP_GET SSL_GET TCP_CHECK SMTP_CHECK
  DNS_CHECK MISC_CHECK BFD_CHECK PING_CHECK UDP_CHECK FILE_CHECK`;

const check = `connect_ip connect_port bindto bind_if bind_port fwmark alpha connect_timeout retry delay_before_retry warmup
  delay_loop log_all_failures nb_get_retry virtualhost http_protocol enable_sni sni_name fast_recovery tls_compliant url type
  name helo_name host misc_path misc_timeout misc_dynamic user payload require_reply min_reply_length max_reply_length
  track_file weight dynamic`;

const url = `path digest status_code virtualhost regex regex_no_match regex_options regex_min_offset regex_max_offset
  regex_stack tls_compliant`;

const places: readonly [place: RegExp, words: ReadonlySet<string>][] = [
  [/^$/, wordsIn(top)],
  [/^virtual_server$/, wordsIn(virtualServer)],
  [/^real_server$/, wordsIn(realServer)],
  [/_(CHECK|GET)$/, wordsIn(check)],
  [/^url$/, wordsIn(url)],
];

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

/** Whether keepalived knows a word in this place; undefined for a place whose words are not listed here. */
export function isKnown(word: string, place: string): boolean | undefined {
  return places.find(([pattern]) => pattern.test(place))?.[1].has(word);
}

const lvs = 'a lab file cannot say it';
const ofVrrp = 'a lab sets up addresses, routes and VRRP itself';

/** Why a lab has no use for a word; the first that fits. */
const reasons: readonly [word: RegExp, why: string][] = [
  [/^(notification_email|smtp_|no_email|no_checker_emails|email)/, 'a lab sends no mail'],
  [
    /^(notify|quorum_up$|quorum_down$|startup_script|shutdown_script|script_user$|enable_script_security$|MISC_CHECK$|misc_)/,
    'a lab runs no scripts of yours',
  ],
  [/^lvs_flush/, 'a lab begins with an empty table'],
  [/^lvs_sync_daemon/, 'a lab has sync daemons only between two directors'],
  [/^(vrrp_|garp_group|track_|static_|linkbeat|interface_up_down)/, ofVrrp],
  [
    /^(router_id|lvs_id|process_name|enable_snmp|snmp_|enable_dbus|dbus_|checker_|bfd_|use_pid_dir|instance$|child_wait)/,
    'it names keepalived, or tunes its processes',
  ],
];

const ofChecks =
  /^(delay_loop|connect_timeout|retry|delay_before_retry|warmup|alpha|omega|inhibit_on_failure|sorry_server\w*|quorum|hysteresis|ha_suspend)$/;

/** @param unchecked whether it belongs to a service without health checks */
export function reasonFor(word: string, place: string, unchecked: boolean): string {
  if (isKnown(word, place) === false) return 'keepalived does not know this word here';
  if (unchecked && ofChecks.test(word)) return 'it is about health checks, and no real server here has any';
  if (place === 'vrrp_instance') return ofVrrp;
  return reasons.find(([pattern]) => pattern.test(word))?.[1] ?? lvs;
}

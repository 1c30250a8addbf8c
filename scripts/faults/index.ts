import { arpSysctlsMissing } from './arp-sysctls-missing.ts';
import { checkerDead } from './checker-dead.ts';
import { clockDaemonDown } from './clock-daemon-down.ts';
import { daemonDown } from './daemon-down.ts';
import { databasePasswordWrong } from './database-password-wrong.ts';
import type { Fault } from './fault.ts';
import { firewallForwardDrop } from './firewall-forward-drop.ts';
import { firewallSshOnly } from './firewall-ssh-only.ts';
import { forwardingOff } from './forwarding-off.ts';
import { gatewayMissing } from './gateway-missing.ts';
import { guePortClosed } from './gue-port-closed.ts';
import { loadIgnored } from './load-ignored.ts';
import { marksMissing } from './marks-missing.ts';
import { nfsServerDown } from './nfs-server-down.ts';
import { onePacketOff } from './one-packet-off.ts';
import { phpDown } from './php-down.ts';
import { routerRpFilterStrict } from './router-rp-filter-strict.ts';
import { rpFilterLoose } from './rp-filter-loose.ts';
import { rpFilterStrict } from './rp-filter-strict.ts';
import { serviceMissing } from './service-missing.ts';
import { siteFilesUnmounted } from './site-files-unmounted.ts';
import { siteWriterMissing } from './site-writer-missing.ts';
import { smallMtu } from './small-mtu.ts';
import { syncDaemonMissing } from './sync-daemon-missing.ts';
import { tunnelDown } from './tunnel-down.ts';
import { tunnelTypeWrong } from './tunnel-type-wrong.ts';
import { vipMissing } from './vip-missing.ts';
import { vipOnNic } from './vip-on-nic.ts';
import { vipWidePrefix } from './vip-wide-prefix.ts';
import { vrrpDaemonDead } from './vrrp-daemon-dead.ts';
import { weightZero } from './weight-zero.ts';
import { wrongListen } from './wrong-listen.ts';

/** All faults that the kit knows how to make. */
export const faults: readonly Fault[] = [
  arpSysctlsMissing,
  vipMissing,
  vipOnNic,
  vipWidePrefix,
  tunnelDown,
  tunnelTypeWrong,
  guePortClosed,
  rpFilterStrict,
  rpFilterLoose,
  routerRpFilterStrict,
  gatewayMissing,
  forwardingOff,
  firewallSshOnly,
  firewallForwardDrop,
  daemonDown,
  wrongListen,
  smallMtu,
  weightZero,
  serviceMissing,
  marksMissing,
  onePacketOff,
  checkerDead,
  loadIgnored,
  clockDaemonDown,
  syncDaemonMissing,
  vrrpDaemonDead,
  phpDown,
  databasePasswordWrong,
  siteWriterMissing,
  siteFilesUnmounted,
  nfsServerDown,
];

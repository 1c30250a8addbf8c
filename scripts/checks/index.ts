import { answers } from './answers.ts';
import { arpOwner } from './arp-owner/check.ts';
import { arpQuiet } from './arp-quiet.ts';
import { backupTable } from './backup-table.ts';
import type { CheckKind } from './check-kind.ts';
import { clock } from './clock/check.ts';
import { counted } from './counted.ts';
import { databaseDoor } from './database-door/check.ts';
import { directorVip } from './director-vip.ts';
import { fingerprint } from './fingerprint.ts';
import { firewall } from './firewall/check.ts';
import { forwarding } from './forwarding/check.ts';
import { gateway } from './gateway/check.ts';
import { gue } from './gue/check.ts';
import { helper } from './helper/check.ts';
import { large } from './large.ts';
import { listening } from './listening/check.ts';
import { marks } from './marks/check.ts';
import { mtu } from './mtu.ts';
import { neighbour } from './neighbour/check.ts';
import { nic } from './nic.ts';
import { oneOwner } from './one-owner.ts';
import { pace } from './pace.ts';
import { reachable } from './reachable/check.ts';
import { router } from './router/check.ts';
import { rpFilter } from './rp-filter.ts';
import { sequence } from './sequence.ts';
import { settings } from './settings/check.ts';
import { siteDatabase } from './site-database/check.ts';
import { siteFiles } from './site-files/check.ts';
import { sitePhp } from './site-php/check.ts';
import { siteUser } from './site-user/check.ts';
import { source } from './source/check.ts';
import { syncDaemons } from './sync-daemons/check.ts';
import { table } from './table/check.ts';
import { tunnel } from './tunnel/check.ts';
import { vip } from './vip.ts';
import { vrrp } from './vrrp/check.ts';
import { wayBack } from './way-back.ts';

/** Every check. What clients notice comes first, its causes later. */
export const checkKinds: readonly CheckKind[] = [
  answers,
  large,
  pace,
  sequence,
  counted,
  fingerprint,
  tunnel,
  source,
  neighbour,
  arpOwner,
  oneOwner,
  marks,
  helper,
  table,
  settings,
  directorVip,
  forwarding,
  vrrp,
  syncDaemons,
  backupTable,
  router,
  reachable,
  listening,
  vip,
  arpQuiet,
  rpFilter,
  gue,
  gateway,
  wayBack,
  clock,
  nic,
  mtu,
  firewall,
  siteFiles,
  sitePhp,
  siteDatabase,
  siteUser,
  databaseDoor,
];

import { hostCidr } from '../model/addresses.ts';
import type { Backup, Lab, SyncDaemons } from '../model/lab.ts';
import { keepalivedWords } from './keepalived.ts';
import { nicOn, type PlannedNode, vipsOf } from './plan.ts';
import type { Step } from './scripts.ts';

/** VRRP's ID of the pair, 1 to 255. */
const routerId = 51;

/** The sync daemons. They start before VRRP moves the VIP. */
export function syncScripts({ ipvs }: Lab, { sync }: Backup, director: PlannedNode): Step[] {
  const given = (wanted: string) => ipvs.sysctls.find(({ name }) => name === wanted)?.value;
  const refresh = given('sync_refresh_period') ?? 1;
  const threshold = given('sync_threshold') ?? '';
  const context = { threshold, mac: nicOn(director, 'front').mac, syncid: sync.syncid, refresh };
  return [{ template: 'director/sync', context: { ...context, options: optionsOf(sync), shown: shownOf(sync) } }];
}

/** What ipvsadm -l --daemon shows of a daemon behind its syncid, where that is not the kernel's default. */
function shownOf({ maxlen, group, port, ttl }: SyncDaemons): string[] {
  return Object.entries({ maxlen, group, port, ttl }).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${value}`,
  );
}

/** Options of ipvsadm --start-daemon. */
function optionsOf({ maxlen, group, port, ttl }: SyncDaemons): string {
  return [
    ...(maxlen === undefined ? [] : [` --sync-maxlen ${maxlen}`]),
    ...(group === undefined ? [] : [` --mcast-group ${group}`]),
    ...(port === undefined ? [] : [` --mcast-port ${port}`]),
    ...(ttl === undefined ? [] : [` --mcast-ttl ${ttl}`]),
  ].join('');
}

/**
 * keepalived with VRRP, and in a lab with health checks with those as well. The active director starts first; otherwise it would
 * wait until the other one returns the VIP.
 */
export function vrrpScripts(lab: Lab, backup: Backup, director: PlannedNode): Step[] {
  const { advertInterval, preemptDelay, nopreempt, unicast } = backup;
  const { mac, address } = nicOn(director, 'front');
  const active = address !== backup.front;
  const vips = vipsOf(lab).map(hostCidr);
  return [
    {
      template: 'director/vrrp',
      phase: active ? 'active director' : 'backup director',
      context: {
        mac,
        active,
        vips,
        first: `${vips[0]} `,
        routerId,
        priority: active ? 150 : 100,
        advertInterval,
        preemptDelay,
        nopreempt,
        own: address,
        peer: unicast ? (active ? backup.front : lab.director.front) : '',
        watched: lab.health ? keepalivedWords(lab, lab.health, address) : null,
        seconds: preemptDelay + 180,
      },
    },
  ];
}

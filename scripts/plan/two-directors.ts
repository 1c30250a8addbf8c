import { hostCidr } from '../model/addresses.ts';
import type { Backup, Lab, SyncDaemons } from '../model/lab.ts';
import { keepalivedWords } from './keepalived.ts';
import { nicOn, type PlannedNode, sysctlOf, vipsOf } from './plan.ts';
import type { Step } from './scripts.ts';

/** VRRP's ID of the pair, 1 to 255. */
const routerId = 51;

/** The sync daemons. They start before VRRP moves the VIP. */
export function syncScripts(lab: Lab, { sync }: Backup, director: PlannedNode): Step[] {
  const refresh = sysctlOf(lab, 'sync_refresh_period') ?? 1;
  const threshold = sysctlOf(lab, 'sync_threshold') ?? '';
  const context = { threshold, mac: nicOn(director, 'front').mac, syncid: sync.syncid, refresh };
  return [{ template: 'director/sync', context: { ...context, options: optionsOf(sync), shown: shownOf(sync) } }];
}

/** What ipvsadm -l --daemon shows of a daemon behind its syncid, where that is not the kernel's default. */
function shownOf(sync: SyncDaemons): string[] {
  return givenOf(sync).map((one) => one.join('='));
}

const syncOptions = {
  maxlen: '--sync-maxlen',
  group: '--mcast-group',
  port: '--mcast-port',
  ttl: '--mcast-ttl',
} as const;

/** Options of ipvsadm --start-daemon. */
function optionsOf(sync: SyncDaemons): string {
  return givenOf(sync)
    .map(([name, value]) => ` ${syncOptions[name]} ${value}`)
    .join('');
}

/** What is not left to the kernel. */
function givenOf(sync: SyncDaemons): [keyof typeof syncOptions, string | number][] {
  const names = Object.keys(syncOptions) as (keyof typeof syncOptions)[];
  return names.flatMap((name) => (sync[name] === undefined ? [] : [[name, sync[name]]]));
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
  const priority = active ? 150 : 100;
  const shared = { priority, advertInterval, preemptDelay, nopreempt };
  return [
    {
      template: 'director/vrrp',
      phase: active ? 'active director' : 'backup director',
      context: {
        mac,
        active,
        vips,
        first: `${vips[0]} `,
        vip: vipsOf(lab)[0] ?? '',
        routerId,
        ...shared,
        own: address,
        peer: unicast ? (active ? backup.front : lab.director.front) : '',
        watched: lab.health ? keepalivedWords(lab, lab.health, address) : null,
        seconds: preemptDelay + 180,
        ...(backup.gateway && { others: [{ ...shared, ...gatewayWords(lab, backup, backup.gateway, director) }] }),
      },
    },
  ];
}

/** The VRRP instance in the back network, which has the real servers' gateway. */
function gatewayWords(lab: Lab, { back, unicast }: Backup, gateway: string, director: PlannedNode) {
  const { mac, address } = nicOn(director, 'back');
  return {
    suffix: 'back',
    mac,
    // Networks have IDs of their own, but whoever joins them by mistake sees two pairs.
    routerId: routerId + 1,
    own: address,
    peer: unicast ? (address === back ? lab.director.back : back) : '',
    vips: [hostCidr(gateway)],
  };
}

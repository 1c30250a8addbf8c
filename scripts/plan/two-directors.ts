import { hostCidr } from '../model/addresses.ts';
import type { Backup, Lab } from '../model/lab.ts';
import { nicOn, type PlannedNode, vipsOf } from './plan.ts';
import type { Step } from './scripts.ts';

/** ID in the multicast messages of the sync daemons, which ignore messages with another ID. */
export const syncid = 1;

/** VRRP's ID of the pair, 1 to 255. */
const routerId = 51;

/** The sync daemons. They start before VRRP moves the VIP. */
export function syncScripts({ ipvs }: Lab, director: PlannedNode): Step[] {
  const refresh = ipvs.sysctls.find(({ name }) => name === 'sync_refresh_period')?.value ?? 1;
  return [{ template: 'director/sync', context: { mac: nicOn(director, 'front').mac, syncid, refresh } }];
}

/** keepalived with VRRP. The active director starts first; otherwise it would wait until the other one returns the VIP. */
export function vrrpScripts(lab: Lab, { advertInterval, preemptDelay, front }: Backup, director: PlannedNode): Step[] {
  const { mac, address } = nicOn(director, 'front');
  const active = address !== front;
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
        seconds: preemptDelay + 180,
      },
    },
  ];
}

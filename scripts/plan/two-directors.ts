import { hostCidr } from '../model/addresses.ts';
import type { Backup, Lab } from '../model/lab.ts';
import { nicOn, type PlannedNode, vipsOf } from './plan.ts';
import type { Step } from './scripts.ts';

/** Multicast messages of sync daemons carry it; those with another one are not heard. */
export const syncid = 1;

/** VRRP's name for the pair, 1 to 255. */
const routerId = 51;

/** The sync daemons. They are there before VRRP moves the VIP. */
export function syncScripts({ ipvs }: Lab, director: PlannedNode): Step[] {
  const refresh = ipvs.sysctls.find(({ name }) => name === 'sync_refresh_period')?.value ?? 1;
  return [{ template: 'director/sync', context: { mac: nicOn(director, 'front').mac, syncid, refresh } }];
}

/** The one that is to have the VIP goes first: else it would have to wait until the other gives it back. */
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

import { vipsOf } from '../plan/plan.ts';
import { escaped, type NodeChange } from './sign.ts';

/** The key of the fact that a node has a VIP. @param device a pattern; by default any device */
export function vipKey(device = '\\S+'): (change: NodeChange) => RegExp {
  return ({ plan }) => new RegExp(`^${device} (${vipsOf(plan).map(escaped).join('|')})/`);
}

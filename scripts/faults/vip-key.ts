import { vipsOf } from '../plan/plan.ts';
import { escaped, type NodeChange } from './sign.ts';

/** The fact that a node has a VIP. @param device a pattern; any device by default */
export function vipKey(device = '\\S+'): (change: NodeChange) => RegExp {
  return ({ plan }) => new RegExp(`^${device} (${vipsOf(plan).map(escaped).join('|')})/`);
}

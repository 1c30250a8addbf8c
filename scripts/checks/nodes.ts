import { nodesOf, type Plan } from '../plan/plan.ts';
import { nics } from './looks/nics.ts';
import type { Observations } from './observations.ts';

/** The node that has a device with this MAC, now or in the plan. */
export function nodeWith(plan: Plan, seen: Observations, mac: string): string | undefined {
  const now = plan.nodes.find(({ name }) => seen.of(nics, name).some((nic) => nic.mac === mac));
  return (now ?? plan.nodes.find((node) => node.nics.some((nic) => nic.mac === mac)))?.name;
}

/** The name of the node that has a device with this MAC; the MAC itself if no node has it. */
export function nameOf(plan: Plan, seen: Observations, mac: string): string {
  return nodeWith(plan, seen, mac) ?? mac;
}

/** Whether a MAC belongs to a director, to either of them where there are two. */
export function isDirector(plan: Plan, seen: Observations, mac: string | undefined): boolean {
  const name = mac && nodeWith(plan, seen, mac);
  return nodesOf(plan, 'director').some((node) => node.name === name);
}

/** A text, with its VIP in front in a lab of several VIPs. */
export function ofVip(vips: readonly string[], vip: string, text: string): string {
  return vips.length > 1 ? `${vip}: ${text}` : text;
}

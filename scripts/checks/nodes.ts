import { nodesOf, type Plan } from '../plan/plan.ts';

export { nameOf } from '../plan/nics.ts';

/** Whether a MAC belongs to a director, to either of them where there are two. */
export function isDirector(plan: Plan, mac: string | undefined): boolean {
  return nodesOf(plan, 'director').some(({ nics }) => nics.some((nic) => nic.mac === mac));
}

/** A text, with its VIP in front in a lab of several VIPs. */
export function ofVip(vips: readonly string[], vip: string, text: string): string {
  return vips.length > 1 ? `${vip}: ${text}` : text;
}

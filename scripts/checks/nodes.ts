import { nodesOf, type Plan } from '../plan/plan.ts';

/** The node that has a NIC with this MAC; the MAC itself where none has. */
export function nameOf(plan: Plan, mac: string): string {
  return plan.nodes.find(({ nics }) => nics.some((nic) => nic.mac === mac))?.name ?? mac;
}

/** Whether a MAC is a director's: where there are two, either one's. */
export function isDirector(plan: Plan, mac: string | undefined): boolean {
  return nodesOf(plan, 'director').some(({ nics }) => nics.some((nic) => nic.mac === mac));
}

/** Where there are several VIPs, which one a text is about. */
export function ofVip(vips: readonly string[], vip: string, text: string): string {
  return vips.length > 1 ? `${vip}: ${text}` : text;
}

import type { Plan } from './plan.ts';

/** The node that has a NIC with this MAC; the MAC itself if no node has it. */
export function nameOf(plan: Plan, mac: string): string {
  return plan.nodes.find(({ nics }) => nics.some((nic) => nic.mac === mac))?.name ?? mac;
}

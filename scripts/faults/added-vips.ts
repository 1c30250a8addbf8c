import { type Plan, type PlannedService, theNode, vipsOf } from '../plan/plan.ts';

/** A VIP that the director has besides its own address. In a lab with two directors keepalived moves it. */
interface AddedVip {
  vip: string;
  services: PlannedService[];
  /** The director and the VIP; in a lab of one VIP the director alone. */
  name: string;
}

export function addedVips(plan: Plan): AddedVip[] {
  if (plan.backup) return [];
  const director = theNode(plan, 'director');
  const own = director.nics.map(({ address }) => address);
  return vipsOf(plan)
    .filter((vip) => !own.includes(vip))
    .map((vip) => ({
      vip,
      services: plan.services.filter((service) => service.vip === vip),
      name: vipsOf(plan).length > 1 ? `${director.name} ${vip}` : director.name,
    }));
}

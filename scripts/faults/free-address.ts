import { Address4, Address6 } from 'ip-address';
import { familyOf } from '../model/addresses.ts';
import type { NetworkName } from '../model/words.ts';
import { type Plan, vipsOf } from '../plan/plan.ts';

/** The highest address of a network that nobody in the lab has. @throws Error when the plan has no such network */
export function freeAddress(plan: Plan, network: NetworkName): string {
  const cidr = plan.networks.find(({ name }) => name === network)?.cidr;
  if (!cidr) throw new Error(`${plan.lab} has no network ${network}`);
  const taken = new Set([...plan.nodes.flatMap(({ nics }) => nics.map(({ address }) => address)), ...vipsOf(plan)]);
  const kind = familyOf(cidr) === 6 ? Address6 : Address4;
  let number = new kind(cidr).endAddress().bigInt() - 1n;
  while (taken.has(kind.fromBigInt(number).correctForm())) number -= 1n;
  return kind.fromBigInt(number).correctForm();
}

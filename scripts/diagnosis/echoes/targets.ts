import { familyOf } from '../../model/addresses.ts';
import { type Plan, theNode } from '../../plan/plan.ts';

/** Bytes of headers before the data of an echo: IPv4 or IPv6, and ICMP. The plan's MTU is 1500. */
const headers = { 4: 28, 6: 48 } as const;
const mtu = 1500;

/** A machine that the director asks for echoes. */
interface Target {
  node: string;
  address: string;
  /** Bytes of data in an echo that fills a frame. */
  size: number;
}

/** The machines in one network with the director: each by its address there. */
export function echoTargets(plan: Plan): Target[] {
  const director = theNode(plan, 'director');
  const networks = director.nics.map(({ network }) => network);
  return plan.nodes.flatMap(({ name, nics }) => {
    const nic = nics.find(({ network }) => networks.includes(network));
    if (!nic || name === director.name) return [];
    return [{ node: name, address: nic.address, size: mtu - headers[familyOf(nic.address)] }];
  });
}

import { familyOf } from '../../model/addresses.ts';
import { type Plan, theNode } from '../../plan/plan.ts';

/** Bytes of the headers before the data of a ping: IPv4 or IPv6, and ICMP. Every lab has the MTU 1500. */
const headers = { 4: 28, 6: 48 } as const;
const mtu = 1500;

/** A machine that the director pings. */
interface Target {
  node: string;
  address: string;
  /** Bytes of data in a ping that fills a frame. */
  size: number;
}

/** The machines in the director's networks, each with its address there. */
export function echoTargets(plan: Plan): Target[] {
  const director = theNode(plan, 'director');
  const networks = director.nics.map(({ network }) => network);
  return plan.nodes.flatMap(({ name, nics }) => {
    const nic = nics.find(({ network }) => networks.includes(network));
    if (!nic || name === director.name) return [];
    return [{ node: name, address: nic.address, size: mtu - headers[familyOf(nic.address)] }];
  });
}

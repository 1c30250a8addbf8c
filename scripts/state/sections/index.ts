import type { Section } from '../section.ts';
import { address, label, neighbour, nexthop, route, rule } from './addressing.ts';
import { arptables, ebtables, ip6tables, iptables, nft } from './firewall.ts';
import { ipvs } from './ipvs.ts';
import { link, netns, nic } from './link.ts';
import { busy, disk, file, fou, limit, memory, mode, module, mount, process, socket, xfrm } from './machine.ts';
import { sysctl } from './sysctl.ts';
import { filter, offload, qdisc, trafficClass } from './traffic.ts';

/** All sections, in the order in which differences are told and undone: an address needs its device, a route its address. */
export const sections: readonly Section[] = [
  ...[module, nic, link, netns, sysctl, address, nexthop, rule, route, neighbour, label, fou, xfrm],
  ...[nft, iptables, ip6tables, arptables, ebtables, qdisc, trafficClass, filter, offload, ipvs],
  ...[mount, file, mode, limit, process, socket, disk, memory, busy],
];

/** @throws Error for a section that there is not */
export function sectionOf(name: string): Section {
  const found = sections.find((one) => one.name === name);
  if (!found) throw new Error(`there is no section ${name}`);
  return found;
}

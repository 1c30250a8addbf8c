import { serversBy } from '../../plan/plan.ts';
import type { Look } from './look.ts';

export interface Interface {
  name: string;
  up: boolean;
  /** Addresses with their prefix: 192.168.1.3/32. */
  addresses: string[];
}

/** The interfaces of the nodes that must have VIPs. */
export const addresses: Look<Interface[]> = {
  name: 'addresses',
  about: 'ip -brief address on each director, and on each real server by DR or TUN',
  on: (plan, { name, role }) =>
    role === 'director' || serversBy(plan, 'dr', 'tun').some(({ node }) => node === name) ? {} : undefined,
  templates: { after: 'checks/looks/addresses' },
  parse: (printed) => parseInterfaces(printed.in('after')),
};

/** Lines of ip -brief address: `eth0  UP  192.168.1.2/24 192.168.1.3/32 fe80::…/64`; tunl0 is `tunl0@NONE`, `UNKNOWN`. */
export function parseInterfaces(text: string): Interface[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', state, ...found] = line.trim().split(/\s+/);
    return name && state ? [{ name: name.replace(/@.*/, ''), up: state !== 'DOWN', addresses: found }] : [];
  });
}

/** The interface that has an address. */
export function holderOf(interfaces: readonly Interface[], address: string): Interface | undefined {
  return interfaces.find((one) => one.addresses.some((cidr) => cidr.split('/')[0] === address));
}

/** Where an address is: "on eth0", "on eth0, which is down", "missing". */
export function placeInWords(holder: Interface | undefined): string {
  return holder ? `on ${holder.name}${holder.up ? '' : ', which is down'}` : 'missing';
}

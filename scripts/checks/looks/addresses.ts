import { type Plan, type PlannedNode, serversBy, theNode } from '../../plan/plan.ts';
import { vipsOn } from '../../plan/vip-device.ts';
import type { Look } from './look.ts';

export interface Interface {
  name: string;
  up: boolean;
  /** Bytes; a packet that is larger does not leave it in one piece. */
  mtu: number;
  /** The queue for packets that leave it: `pfifo_fast`, `noqueue`, or what somebody has put there: `netem`. */
  queue: string;
  /** Addresses with their prefix: 192.168.1.3/32. */
  addresses: string[];
}

/** The interfaces of the nodes that take part in the requests. */
export const addresses: Look<Interface[]> = {
  name: 'addresses',
  about: 'ip address on the client, the directors, the router and the real servers',
  on: (plan, node) => {
    if (node.role === 'site-server') return undefined;
    return { routes: wayBackQuestions(plan, node), client: node.role === 'client' };
  },
  templates: { after: 'checks/looks/addresses' },
  parse: (printed) => parseInterfaces(printed.in('after')),
};

/** Arguments of `ip route get`: the way of answers to the client, in general and from each VIP that the real server has. */
export function wayBackQuestions(plan: Plan, { name }: PlannedNode): string[] {
  const client = theNode(plan, 'client').nics[0]?.address;
  const server = plan.realServers.find(({ node, local }) => node === name && !local);
  if (!server || !client) return [];
  const vips = serversBy(plan, 'dr', 'tun').includes(server) ? vipsOn(plan, name) : [];
  return [client, ...vips.map((vip) => `${client} from ${vip}`)];
}

/**
 * The output of ip address:
 * `2: eth0@if5: <BROADCAST,…> mtu 1500 qdisc pfifo_fast state UP …`, below it `    inet 192.168.1.2/24 brd …`
 */
export function parseInterfaces(text: string): Interface[] {
  const found: Interface[] = [];
  for (const line of text.split('\n')) {
    const [, name, mtu, queue = '', state] =
      /^\d+: ([^:@\s]+)(?:@\S+)?: <[^>]*> mtu (\d+) (?:qdisc (\S+) )?.*?state (\S+)/.exec(line) ?? [];
    if (name) found.push({ name, up: state !== 'DOWN', mtu: Number(mtu), queue, addresses: [] });
    const [, address] = /^ +inet6? (\S+)/.exec(line) ?? [];
    if (address) found.at(-1)?.addresses.push(address);
  }
  return found;
}

/** The interface that has an address. */
export function holderOf(interfaces: readonly Interface[], address: string): Interface | undefined {
  return interfaces.find((one) => one.addresses.some((cidr) => cidr.split('/')[0] === address));
}

/** Where an address is: "on eth0", "on eth0, which is down", "missing". */
export function placeInWords(holder: Interface | undefined): string {
  return holder ? `on ${holder.name}${holder.up ? '' : ', which is down'}` : 'missing';
}

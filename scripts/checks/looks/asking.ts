import type { Asked, Backend, Client } from '../../backends/backend.ts';
import { backendOf } from '../../backends/index.ts';
import { familyOf } from '../../model/addresses.ts';
import type { Service } from '../../model/lab.ts';
import { inUse, type Plan, type PlannedService } from '../../plan/plan.ts';

/** How a machine sends requests: its client program, and the servers in the form that the program takes. */
export interface Asking {
  client: Client;
  targets: string[];
  /** See stepOf. */
  step: number;
}

/** The names of the real servers, in the lab's order. */
type Names = Pick<Plan, 'realServers'>;

/** The backends of a service, one for each port. */
export function backendsOf({ endpoints }: Pick<Service, 'endpoints'>): Backend[] {
  return endpoints.map(({ backend }) => backendOf(backend));
}

/** The program that asks a service. The lint makes sure that all ports have the same one. */
export function clientOf(service: Pick<Service, 'endpoints'>): Client {
  const [first] = backendsOf(service);
  if (!first) throw new Error('a service without ports');
  return first.client;
}

/** How clients ask a service: each port in turn. */
export function askingOf(plan: Names, service: Service): Asking {
  return { client: clientOf(service), targets: targetsOf(plan, service, service.vip, 0), step: stepOf(service) };
}

/** The difference between the source ports of one request and the next; 0 when all have the same port. */
export function stepOf(service: Pick<Service, 'endpoints' | 'ops'>): number {
  return service.ops ? 0 : Math.max(...backendsOf(service).map(({ portsPerRequest }) => portsPerRequest));
}

/** How the director asks the real servers of a service at their own addresses: one server after the other, at each port. */
export function askingPast(plan: Names, service: Service): Asking {
  const targets = service.destinations.flatMap(({ address, port }) => targetsOf(plan, service, address, port));
  return { client: clientOf(service), targets, step: 1 };
}

/** @param mapped the real server's port if it differs from the service's; else 0 */
function targetsOf(plan: Names, { protocol, endpoints, page }: Service, address: string, mapped: number): string[] {
  const realServers = plan.realServers.map(({ node }) => node);
  return endpoints.map(({ port, backend }) => {
    const asked: Asked = { protocol, address, port: mapped || port, page, realServers };
    return backendOf(backend).target(asked);
  });
}

/**
 * How many large requests follow the others: as many as there are real servers for them. None where they could fill the real
 * servers, so that IPVS would refuse them.
 */
export function largeOf(service: PlannedService): number {
  const bounded = service.scheduler === 'ovf' || service.destinations.some(({ uthreshold }) => uthreshold > 0);
  const able = backendsOf(service).every(({ large }) => large) && service.protocol !== 'sctp';
  return able && !bounded && !service.ops ? inUse(service).length : 0;
}

/** How many source ports the requests of a service take. */
export function portsOf(service: PlannedService): number {
  return Math.max(1, stepOf(service) * (service.requests + largeOf(service)));
}

/**
 * pcap-filter(7) of what the client must hear: how each connection begins (SYN, SYN with ACK and RST of TCP; INIT, INIT ACK and
 * ABORT of SCTP; every datagram of an answer by UDP), ICMP errors, ARP and neighbour advertisements. The libpcap of Debian 12
 * reads no TCP flags of IPv6, whose header is 40 bytes long.
 */
export function heardFilter(services: readonly Service[]): string {
  const parts = services.flatMap(({ vip, protocol, endpoints }) =>
    endpoints.map(({ port }) => {
      const ipv6 = familyOf(vip) === 6;
      if (protocol === 'udp') return `udp src port ${port}`;
      const place = ipv6 ? 'ip6[52]' : 'sctp[12]';
      if (protocol === 'sctp') return `sctp port ${port} and (${place} = 1 or ${place} = 2 or ${place} = 6)`;
      return `tcp port ${port} and ${ipv6 ? 'ip6[53]' : 'tcp[13]'} & (tcp-syn|tcp-rst) != 0`;
    }),
  );
  const errors = services.some(({ vip }) => familyOf(vip) === 6)
    ? ['icmp6 and (ip6[40] < 5 or ip6[40] = 136)']
    : ['icmp[0] = 3 or icmp[0] = 11', 'arp'];
  return [...new Set([...parts, ...errors])].map((part) => `(${part})`).join(' or ');
}

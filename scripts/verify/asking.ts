import { familyOf, joinAddress } from '../model/addresses.ts';
import type { Backend, Protocol, Service } from '../model/lab.ts';
import { type Tool, toolOf } from '../model/services.ts';
import type { PlannedService } from '../plan/plan.ts';

/** What asks, and the servers in the form that it takes. */
export interface Asking {
  tool: Tool;
  targets: string[];
  /** From the source port of one request to that of the next. */
  step: number;
}

/** How a service is asked by its clients: its ports take turns. */
export function askingOf({ vip, protocol, endpoints, ops, page }: Service): Asking {
  const targets = endpoints.map(({ port, backend }) => targetOf(backend, protocol, vip, port, page));
  // curl takes a second port for FTP's data connection.
  const step = ops ? 0 : endpoints.some(({ backend }) => backend === 'ftp') ? 2 : 1;
  return { tool: toolOf(endpoints[0]?.backend ?? 'http'), targets, step };
}

/** How each real server of a service is asked by its own address, past IPVS: at every port, one server after the other. */
export function askingPast({ protocol, endpoints, destinations, page }: Service): Asking {
  const targets = destinations.flatMap(({ address, port: own }) =>
    endpoints.map(({ port, backend }) => targetOf(backend, protocol, address, own || port, page)),
  );
  return { tool: toolOf(endpoints[0]?.backend ?? 'http'), targets, step: 1 };
}

function targetOf(backend: Backend, protocol: Protocol, address: string, port: number, page: string): string {
  if (backend === 'dns') return `${address}#${port}${protocol === 'tcp' ? '+tcp' : ''}`;
  if (backend === 'echo') return `${protocol}/${address}/${port}`;
  return `${backend}://${joinAddress(address, port)}${backend === 'ftp' ? '/server.txt' : page}`;
}

/** Source ports that the requests of a service take. */
export function portsOf(service: PlannedService): number {
  const { step } = askingOf(service);
  return Math.max(1, step * service.requests);
}

/**
 * pcap-filter(7) of the first packet of every answer: SYN and ACK of TCP, INIT ACK of SCTP, every datagram of UDP. The
 * libpcap of Debian 12 reads no TCP flags of IPv6, whose header is 40 bytes long.
 */
export function answerFilter(services: readonly Service[]): string {
  const parts = services.flatMap(({ vip, protocol, endpoints }) =>
    endpoints.map(({ port }) => {
      const ipv6 = familyOf(vip) === 6;
      if (protocol === 'udp') return `udp src port ${port}`;
      if (protocol === 'sctp')
        return ipv6 ? `sctp src port ${port} and ip6[52] = 2` : `sctp src port ${port} and sctp[12] = 2`;
      const flags = ipv6 ? 'ip6[53]' : 'tcp[tcpflags]';
      return `tcp src port ${port} and ${flags} & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)`;
    }),
  );
  return [...new Set(parts)].map((part) => `(${part})`).join(' or ');
}

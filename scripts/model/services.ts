import type { LabFile, MemberInFile, ServiceInFile } from './file-schema.ts';
import { type Backend, backendProtocols, type Endpoint, type Protocol } from './lab.ts';
import type { Path } from './source.ts';

/** The services of a file, under whichever of the two keys they stand, each with the place of its words. */
export function servicesOf({ service, services }: LabFile): { service: ServiceInFile; path: Path }[] {
  if (services) return services.map((one, at) => ({ service: one, path: ['services', at] }));
  return service ? [{ service, path: ['service'] }] : [];
}

/** The real servers that a service names, in one form; undefined where all of the lab's serve it. */
export function membersIn({ real_servers: members }: ServiceInFile): MemberInFile[] | undefined {
  return members?.map((one) => (typeof one === 'string' ? { name: one } : one));
}

/** /etc/services, as far as there are backends. */
const wellKnown: Record<number, Backend> = { 7: 'echo', 21: 'ftp', 53: 'dns', 443: 'https' };
const portOf: Record<Backend, number> = { http: 80, https: 443, dns: 53, echo: 7, ftp: 21 };

export function protocolOf({ protocol, backend, port }: ServiceInFile): Protocol {
  if (protocol) return protocol;
  if (backend) return backendProtocols[backend][0] ?? 'tcp';
  return port === 53 ? 'udp' : 'tcp';
}

/** Ports of a service and what answers at each: as the file says, else by the port, else by the protocol. */
export function endpointsOf(service: ServiceInFile): Endpoint[] {
  const protocol = protocolOf(service);
  const usual: Backend = { tcp: 'http', udp: 'dns', sctp: 'echo' }[protocol] as Backend;
  const ports = [service.port ?? portOf[service.backend ?? usual]].flat();
  return ports.map((port) => {
    const known = wellKnown[port];
    const fitting = known && backendProtocols[known].includes(protocol) ? known : usual;
    return { port, backend: service.backend ?? fitting };
  });
}

/** What asks a backend: a shell function in templates/partials/ask-*.hbs. */
export type Tool = 'curl' | 'dig' | 'echo';

export function toolOf(backend: Backend): Tool {
  return backend === 'dns' ? 'dig' : backend === 'echo' ? 'echo' : 'curl';
}

/**
 * What a backend takes of its machine's ports, as `tcp 80`, and what is there then: Debian's daemons listen on more than a
 * service needs.
 */
export function portsTaken(backend: Backend, protocol: Protocol, port: number): [port: string, by: string][] {
  const by = daemonOf[backend];
  if (backend === 'dns') return [`udp ${port}`, `tcp ${port}`].map((one) => [one, by]);
  if (backend !== 'http' && backend !== 'https') return [[`${protocol} ${port}`, by]];
  const own: [string, string] = [`tcp ${port}`, backend === 'https' ? `${by} over TLS` : by];
  const beside: [string, string][] = [
    ['tcp 80', by],
    ...(backend === 'https' ? [['tcp 443', `${by} over TLS`] as [string, string]] : []),
  ];
  return [own, ...beside.filter(([one]) => one !== own[0])];
}

/** The program behind a backend: ports may be shared within one, and some have one port only. */
export const daemonOf: Record<Backend, string> = {
  http: 'Apache',
  https: 'Apache',
  dns: 'dnsmasq',
  echo: 'the line echo',
  ftp: 'vsftpd',
};
export const onePortEach: readonly Backend[] = ['dns', 'ftp'];

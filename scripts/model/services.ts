import type { Backend } from '../backends/backend.ts';
import { type BackendName, backendAt, backendOf, backends, usualBackend } from '../backends/index.ts';
import type { Endpoint } from './lab.ts';
import type { Path } from './reading/source.ts';
import type { LabFile } from './schema/lab-file.ts';
import type { MemberInFile } from './schema/real-server.ts';
import type { ServiceInFile, WrittenService } from './schema/service.ts';
import type { Protocol } from './words.ts';

/** The services of a file, which stand under one of two keys, each with its place in the file. */
export function servicesOf({ service, services }: LabFile): { service: ServiceInFile; path: Path }[] {
  if (services) return services.map((one, at) => ({ service: one, path: ['services', at] }));
  return service ? [{ service, path: ['service'] }] : [];
}

/** The real servers that a service names; undefined for a service that names none, because it has all of the lab's. */
export function membersIn({ real_servers: members }: ServiceInFile): MemberInFile[] | undefined {
  return members?.map((one) => (typeof one === 'string' ? { name: one } : one));
}

/** The backend that has a port by default; none for a list of ports. */
function knownFor(port: ServiceInFile['port']): Backend<BackendName> | undefined {
  return typeof port === 'number' ? backendAt(port) : undefined;
}

/** As the file says, else the default of its backend, else that of the port's backend, else tcp. */
export function protocolOf({ protocol, backend, port }: WrittenService): Protocol {
  if (protocol) return protocol;
  const known = backend ? backendOf(backend) : knownFor(port);
  return known?.protocols[0] ?? 'tcp';
}

/** Ports of a service and the backend at each: as the file says, else the port's, else the usual one of the protocol. */
export function endpointsOf(service: WrittenService): Endpoint[] {
  const protocol = protocolOf(service);
  const given = service.backend && backendOf(service.backend);
  const usual = usualBackend(protocol);
  const listed = [service.port ?? (given ?? usual).port].flat().filter((one) => typeof one === 'number');
  const named = listed.filter((one) => one > 0);
  const ports = named.length === 0 && isAllPorts(service) ? askedOfAll(service) : named;
  return ports.map((port) => {
    const known = backendAt(port);
    const fitting = known?.protocols.includes(protocol) ? known : usual;
    return { port, backend: (given ?? fitting).name };
  });
}

/** Whether a service has all ports of its VIP. */
export function isAllPorts({ port }: Pick<WrittenService, 'port'>): boolean {
  return [port ?? []].flat().includes(0);
}

/** Ports at which clients ask a service that has all: that of its backend, or those of pages, so that persistence shows. */
function askedOfAll(service: WrittenService): number[] {
  const protocol = protocolOf(service);
  if (service.backend) return [backendOf(service.backend).port];
  if (protocol !== 'tcp') return [usualBackend(protocol).port];
  return backends.flatMap(({ pages, port }) => (pages ? port : []));
}

/** Ranges of ports in the list of a service. */
export function rangesOf({ port }: Pick<WrittenService, 'port'>): string[] {
  return [port ?? []].flat().filter((one) => typeof one === 'string');
}

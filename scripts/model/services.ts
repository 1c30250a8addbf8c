import type { Backend } from '../backends/backend.ts';
import { type BackendName, backendAt, backendOf, usualBackend } from '../backends/index.ts';
import type { LabFile, MemberInFile, ServiceInFile } from './file-schema.ts';
import type { Endpoint, Protocol } from './lab.ts';
import type { Path } from './reading/source.ts';

/** The services of a file, under whichever of the two keys they stand, each with the place of its words. */
export function servicesOf({ service, services }: LabFile): { service: ServiceInFile; path: Path }[] {
  if (services) return services.map((one, at) => ({ service: one, path: ['services', at] }));
  return service ? [{ service, path: ['service'] }] : [];
}

/** The real servers that a service names, in one form; undefined where all of the lab's serve it. */
export function membersIn({ real_servers: members }: ServiceInFile): MemberInFile[] | undefined {
  return members?.map((one) => (typeof one === 'string' ? { name: one } : one));
}

/** The backend that a port is known for; a list of ports is known for none. */
function knownFor(port: ServiceInFile['port']): Backend<BackendName> | undefined {
  return typeof port === 'number' ? backendAt(port) : undefined;
}

export function protocolOf({ protocol, backend, port }: ServiceInFile): Protocol {
  if (protocol) return protocol;
  const known = backend ? backendOf(backend) : knownFor(port);
  return known?.protocols[0] ?? 'tcp';
}

/** Ports of a service and what answers at each: as the file says, else by the port, else by the protocol. */
export function endpointsOf(service: ServiceInFile): Endpoint[] {
  const protocol = protocolOf(service);
  const given = service.backend && backendOf(service.backend);
  const usual = usualBackend(protocol);
  const ports = [service.port ?? (given ?? usual).port].flat();
  return ports.map((port) => {
    const known = backendAt(port);
    const fitting = known?.protocols.includes(protocol) ? known : usual;
    return { port, backend: (given ?? fitting).name };
  });
}

import type { Backend } from '../backends/backend.ts';
import { type BackendName, backendOf, backends, usualBackend } from '../backends/index.ts';
import type { MemberInFile } from '../model/schema/real-server.ts';
import type { WrittenService } from '../model/schema/service.ts';
import { endpointsOf, protocolOf } from '../model/services.ts';
import { claimsOfBackend, clashOf } from '../model/taken-ports.ts';
import type { Draft } from './draft.ts';

/** The backend that a lab has at the first port of a service by default. */
export function backendFor(service: WrittenService): Backend<BackendName> {
  const [first] = endpointsOf(service);
  if (!first) throw new Error('a service without ports');
  return backendOf(first.backend);
}

/**
 * Finds a backend that can have the service's ports on all of its real servers, and takes the ports.
 * @param wish the backend that is tried first
 * @returns nothing if no backend can have them
 */
export function takePorts(
  { machines, ports }: Draft,
  service: WrittenService,
  members: readonly MemberInFile[],
  wish: Backend<BackendName>,
): Backend<BackendName> | undefined {
  const protocol = protocolOf(service);
  const endpoints = endpointsOf(service);
  const several = endpoints.length > 1;
  const modes = machines.flatMap(({ name, mode }) => (members.some((one) => one.name === name) ? mode : []));
  const use = {
    modes,
    marked: service.fwmark !== undefined,
    ranged: false,
    persistent: false,
    realServers: machines.length,
  };
  const fits = (one: Backend) => one.protocols.includes(protocol) && !one.objection?.(use);
  const candidates = several
    ? [wish]
    : [wish, usualBackend(protocol), ...backends].filter((one) => one === wish || one.standsIn);
  for (const candidate of candidates.filter(fits)) {
    const claims = members.flatMap(({ name, port: mapped }) =>
      endpoints.flatMap(({ port, backend }) => {
        return claimsOfBackend(name, several ? backendOf(backend) : candidate, protocol, mapped ?? port);
      }),
    );
    if (clashOf(ports, claims)) continue;
    for (const [what, is] of claims) ports.set(what, is);
    return candidate;
  }
  return undefined;
}

/** Why no backend can have the ports of a service. */
export function whyNoBackend({ ports }: Draft, members: readonly MemberInFile[], { daemon }: Backend): string {
  return members.some(({ name }) => ports.has(`${daemon.name} of ${name}`))
    ? `${daemon.name} serves one port, and another service has it`
    : 'other services use its ports on the real servers';
}

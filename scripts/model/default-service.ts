import type { Destination, Service } from './lab.ts';
import type { PlacedServer } from './real-servers.ts';
import type { ServiceInFile } from './schema/service.ts';
import { endpointsOf, isAllPorts, membersIn, protocolOf, rangesOf } from './services.ts';

/** A service of a lab file with its defaults, except the page that its clients ask for. */
export function defaultService(service: ServiceInFile, servers: readonly PlacedServer[]): Omit<Service, 'page'> {
  const endpoints = endpointsOf(service);
  const granularity = service.persistence_granularity;
  const members = membersIn(service);
  const chosen = members
    ? members.flatMap((own) => servers.filter(({ name }) => name === own.name).map((server) => ({ server, own })))
    : servers.map((server) => ({ server, own: {} }));
  const destinations = chosen.map(({ server: { given, name, ...server }, own }): Destination => {
    const { port, weight, uthreshold, lthreshold, quiescent } = { ...given, ...own };
    return {
      server: name,
      ...server,
      port: service.fwmark || isAllPorts(service) ? 0 : (port ?? endpoints[0]?.port ?? 0),
      weight,
      uthreshold,
      lthreshold,
      ...(quiescent !== undefined && { quiescent }),
    };
  });
  return {
    vip: service.vip,
    protocol: protocolOf(service),
    fwmark: service.fwmark ?? 0,
    endpoints,
    ...(isAllPorts(service) && { allPorts: true as const }),
    ...(rangesOf(service).length > 0 && { ranges: rangesOf(service) }),
    scheduler: service.scheduler,
    flags: service.flags,
    persistence: service.persistence,
    persistenceGranularity: granularity === undefined ? '' : String(granularity),
    ops: service.ops,
    destinations,
  };
}

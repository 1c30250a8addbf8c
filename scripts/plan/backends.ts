import type { Backend, Place, Programs, Served } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import type { Endpoint, Lab, RealServer, Service } from '../model/lab.ts';
import type { Step } from './scripts.ts';
import { siteOfApache } from './site.ts';

/** Everything that a real server has to serve, over all services that it belongs to. */
export function servedBy({ services }: Lab, { name }: RealServer): Served[] {
  return services.flatMap(({ vip, protocol, endpoints, ranges, destinations }) => {
    const own = destinations.find(({ server }) => server === name);
    if (!own) return [];
    return endpoints.map(({ port, backend }) => {
      return { vip, protocol, port: own.port || port, more: ranges?.[0], backend: backendOf(backend) };
    });
  });
}

/** Programs of a real server. */
export function backendPackages(served: readonly Served[]): Programs {
  return Object.assign({}, ...served.map(({ backend }) => backend.packages));
}

/** Programs of the machines that send requests to a lab's services. */
export function clientPackages({ services }: Lab): Programs {
  return Object.assign({}, ...services.flatMap(({ endpoints }) => endpoints.map(clientPackagesOf)));
}

function clientPackagesOf({ backend }: Endpoint): Programs {
  return backendOf(backend).client.packages;
}

/** The scripts that set up a real server, so that it names itself in every answer, in the order of the lab's services. */
export function backendScripts(lab: Lab, server: RealServer, served: readonly Served[]): Step[] {
  const place: Place = {
    lab: lab.name,
    family: lab.family,
    node: server.name,
    number: lab.realServers.findIndex(({ name }) => name === server.name) + 1,
    address: server.address,
    mode: server.mode,
    site: siteOfApache(lab, server.name),
  };
  const daemons = new Set(served.map(({ backend }) => backend.daemon));
  return [...daemons].flatMap((daemon) =>
    daemon.scripts(
      served.filter(({ backend }) => backend.daemon === daemon),
      place,
    ),
  );
}

/** The kernel module that IPVS needs at a port of a service. It does not see those of a service by mark. */
export function helperAt({ fwmark }: Pick<Service, 'fwmark'>, { backend }: Endpoint): Backend['helper'] {
  return fwmark > 0 ? undefined : backendOf(backend).helper;
}

/** The kernel modules that IPVS needs for a lab's services, each with the ports that it must read. */
export function helpersOf({ services }: { services: readonly Pick<Service, 'endpoints' | 'fwmark'>[] }) {
  const found = services.flatMap((service) =>
    service.endpoints.flatMap((endpoint) => {
      const helper = helperAt(service, endpoint);
      return helper ? [{ helper, port: endpoint.port }] : [];
    }),
  );
  const helpers = [...new Set(found.map(({ helper }) => helper))];
  return helpers.map((helper) => ({
    template: helper.template,
    module: helper.module,
    ports: found.flatMap((one) => (one.helper === helper ? one.port : [])).join(','),
  }));
}

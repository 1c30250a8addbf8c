import type { Plan, PlannedService } from '../plan/plan.ts';
import { forwardedServers, servedAt, servicesOf } from './servers.ts';

/** A TCP port at which a real server serves requests that the director forwards. */
export interface ForwardedPort {
  node: string;
  /** RIP. */
  address: string;
  port: number;
  /** The services that use only this port. */
  services: PlannedService[];
}

/** For each real server the port of its first service, if that service has only one port. */
export function forwardedPorts(plan: Plan): ForwardedPort[] {
  return forwardedServers(plan).flatMap(({ node, address }) => {
    const [service] = servicesOf(plan, node);
    if (service?.protocol !== 'tcp') return [];
    const { port } = servedAt(service, node);
    const services = servicesOf(plan, node).filter(
      (one) => one.endpoints.length === 1 && servedAt(one, node).port === port,
    );
    return services.includes(service) ? [{ node, address, port, services }] : [];
  });
}

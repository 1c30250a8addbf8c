import type { Plan, PlannedService } from '../plan/plan.ts';
import { forwardedServers, servedAt, servicesOf } from './servers.ts';

/** A port of a real server, at which it serves by TCP what the director forwards to it. */
export interface ForwardedPort {
  node: string;
  /** RIP. */
  address: string;
  port: number;
  /** The services whose only port it is. */
  services: PlannedService[];
}

/** The port of each real server's first service, where that has no other port. */
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

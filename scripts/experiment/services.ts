import { serviceName } from '../ipvs/rules.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';

/** The service that a step names: by a port, by VIP and port, or as `lab stats` does; the first without a name. */
export function serviceIn({ services }: Plan, wanted: string | number | undefined): PlannedService | undefined {
  if (wanted === undefined) return services[0];
  const found = services.find((service) => namesOf(service).includes(String(wanted)));
  const port = Number(wanted);
  const endpoints = found?.endpoints.filter((one) => one.port === port) ?? [];
  // A service of several ports as it is asked at one of them.
  return found && endpoints.length > 0 ? { ...found, endpoints } : found;
}

export function namesOf(service: PlannedService): string[] {
  const name = serviceName(service);
  return [name, name.replace(/^\w+ /, ''), ...service.endpoints.map(({ port }) => String(port))];
}

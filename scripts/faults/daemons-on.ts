import type { Daemon } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { escaped } from './sign.ts';

/** The daemons of a real server, and the services that need each of them. */
export function daemonsOn(plan: Plan, node: string): { daemon: Daemon; services: PlannedService[] }[] {
  const own = plan.services.filter(({ destinations }) => destinations.some(({ server }) => server === node));
  const daemonsOf = ({ endpoints }: PlannedService) => endpoints.map(({ backend }) => backendOf(backend).daemon);
  return [...new Set(own.flatMap(daemonsOf))].map((daemon) => ({
    daemon,
    services: own.filter((service) => daemonsOf(service).includes(daemon)),
  }));
}

/** The units of daemons, as processes name them. */
export function unitsOf(daemons: readonly Daemon[]): RegExp {
  const units = daemons.map(({ unit }) => escaped(unit.replace(/\.\w+$/, '')));
  return new RegExp(`^(${units.join('|')})\\b`);
}

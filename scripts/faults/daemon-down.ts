import type { Daemon } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { failsUntilNoticed } from './symptom.ts';

export const daemonDown: Fault = {
  id: 'daemon-down',
  title: 'the daemon of a real server is down',
  cause: 'The machine refuses connections. A director without health checks still sends requests to it.',
  places: (plan) =>
    plan.realServers.flatMap(({ node }) => {
      const daemons = daemonsOn(plan, node);
      return daemons.map(({ daemon, services }) => ({
        name: daemons.length > 1 ? `${node} ${daemon.name}` : node,
        make: [{ on: node, run: `systemctl stop ${daemon.unit}` }],
        symptom: failsUntilNoticed(plan, [node], services),
        check: { id: 'reachable', hint: [`of ${node} (${daemon.name})`, 'systemctl status'] },
      }));
    }),
};

/** The daemons of a real server, and the services that need each of them. */
function daemonsOn(plan: Plan, node: string): { daemon: Daemon; services: PlannedService[] }[] {
  const own = plan.services.filter(({ destinations }) => destinations.some(({ server }) => server === node));
  const daemonsOf = ({ endpoints }: PlannedService) => endpoints.map(({ backend }) => backendOf(backend).daemon);
  return [...new Set(own.flatMap(daemonsOf))].map((daemon) => ({
    daemon,
    services: own.filter((service) => daemonsOf(service).includes(daemon)),
  }));
}

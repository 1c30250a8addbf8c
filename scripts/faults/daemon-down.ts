import type { Daemon } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { servedAt } from './servers.ts';
import { escaped, gone, type NodeChange } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';
import { nobodyListens } from './witness.ts';

export const daemonDown: Fault = {
  id: 'daemon-down',
  family: 'daemon',
  title: 'the daemon of a real server is down',
  cause: 'The machine refuses connections. A director without health checks still sends requests to it.',
  sign: gone('process', unitsOf),
  places: (plan) =>
    plan.realServers.flatMap(({ node }) => {
      const daemons = daemonsOn(plan, node);
      return daemons.map(({ daemon, services }) => ({
        name: daemons.length > 1 ? `${node} ${daemon.name}` : node,
        nodes: [node],
        make: [{ on: node, run: `systemctl stop ${daemon.unit}` }],
        witness: nobodyListens(node, servedPort(services, node, daemon)),
        symptom: failsUntilNoticed(plan, [node], services, 'refused'),
        check: { id: 'reachable', hint: [node, daemon.name, 'systemctl status'] },
      }));
    }),
};

/** The daemons of a real server, and the services that need each of them. */
export function daemonsOn(plan: Plan, node: string): { daemon: Daemon; services: PlannedService[] }[] {
  const own = plan.services.filter(({ destinations }) => destinations.some(({ server }) => server === node));
  const daemonsOf = ({ endpoints }: PlannedService) => endpoints.map(({ backend }) => backendOf(backend).daemon);
  return [...new Set(own.flatMap(daemonsOf))].map((daemon) => ({
    daemon,
    services: own.filter((service) => daemonsOf(service).includes(daemon)),
  }));
}

/** A port at which the daemon serves one of these services. */
function servedPort(services: readonly PlannedService[], node: string, daemon: Daemon) {
  const [service] = services;
  if (!service) throw new Error(`${daemon.name} of ${node} serves nothing`);
  const own = service.endpoints.filter(({ backend }) => backendOf(backend).daemon === daemon);
  return servedAt({ ...service, endpoints: own }, node);
}

/** The units of a real server's daemons. */
function unitsOf({ plan, node }: NodeChange): RegExp {
  const units = daemonsOn(plan, node).map(({ daemon }) => escaped(daemon.unit));
  return new RegExp(`^(${units.join('|')})(\\.service)?$`);
}

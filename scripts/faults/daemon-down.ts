import type { Daemon } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import type { PlannedService } from '../plan/plan.ts';
import { daemonsOn, unitsOf } from './daemons-on.ts';
import type { Fault } from './fault.ts';
import { servedAt } from './servers.ts';
import { gone, type NodeChange } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';
import { nobodyListens } from './witness.ts';

export const daemonDown: Fault = {
  id: 'daemon-down',
  family: 'daemon',
  title: 'the daemon of a real server is down',
  cause: 'The machine refuses connections. A director without health checks still sends requests to it.',
  sign: gone('process', silentUnits),
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

/** The units of daemons of which a port is closed. One that somebody started by hand has no unit, and serves. */
function silentUnits(change: NodeChange): RegExp | undefined {
  const { plan, node, after } = change;
  const open = after.below('socket', '').map(({ key }) => key);
  const silent = daemonsOn(plan, node).filter(({ daemon, services }) => {
    const { protocol, port } = servedPort(services, node, daemon);
    return !open.some((key) => key.startsWith(`${protocol} `) && key.endsWith(`:${port}`));
  });
  return silent.length > 0 ? unitsOf(silent.map(({ daemon }) => daemon)) : undefined;
}

/** A port at which the daemon serves one of these services. */
function servedPort(services: readonly PlannedService[], node: string, daemon: Daemon) {
  const [service] = services;
  if (!service) throw new Error(`${daemon.name} of ${node} serves nothing`);
  const own = service.endpoints.filter(({ backend }) => backendOf(backend).daemon === daemon);
  return servedAt({ ...service, endpoints: own }, node);
}

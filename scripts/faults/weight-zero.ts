import { inUse, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import { editServer } from './edit-rules.ts';
import type { Fault } from './fault.ts';
import { serverInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { changed } from './sign.ts';
import { fails, type Symptom, sharesOf } from './symptom.ts';

export const weightZero: Fault = {
  id: 'weight-zero',
  family: 'ipvs',
  title: 'a real server has weight 0: it is quiesced',
  cause: 'A real server with weight 0 keeps the connections that it has and gets no new ones.',
  sign: changed('ipvs', / -r /, { before: /-w [1-9]/, after: /-w 0( |$)/ }),
  places: (plan) => {
    // Health checks set weights themselves.
    if (plan.health) return [];
    const director = theNode(plan, 'director').name;
    return plan.services.flatMap((service) =>
      inUse(service).map((destination) => ({
        nodes: [director],
        name: nameWithService(plan, destination.server, service),
        make: [{ on: director, run: editServer(service, destination, { weight: 0 }) }],
        witness: serverInKernel(director, service, destination, '$4 == 0'),
        symptom: symptomOf(plan, service, destination.server),
        check: { id: 'table', hint: ['weight 0'] },
      })),
    );
  },
};

function symptomOf(plan: Plan, service: PlannedService, server: string): Symptom {
  const others = inUse(service).filter((one) => one.server !== server);
  if (others.length === 0) return fails(plan, [server], [service]);
  // A client that persistence binds to this real server stays. A client that a hash leads to it, or that finds the others full, is refused.
  const hashes = ['sh', 'mh', 'dh'].includes(service.scheduler);
  if (service.persistence > 0 || hashes || others.some(({ uthreshold }) => uthreshold > 0)) return { kind: 'varies' };
  return { kind: 'unused', of: sharesOf(plan, [server], [service]) };
}

import { nodesOf, theNode } from '../plan/plan.ts';
import { deleteService } from './edit-rules.ts';
import type { Fault } from './fault.ts';
import { noServiceInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { gone } from './sign.ts';
import { unbalanced } from './symptom.ts';

export const serviceMissing: Fault = {
  id: 'service-missing',
  family: 'ipvs',
  title: 'a director lacks a service in its IPVS table',
  cause:
    'The director treats requests for an unknown service as its own. Sync daemons copy connections, never services.',
  sign: gone('ipvs', /^-\S+ \S+$/),
  places: (plan) => {
    // With health checks another program manages the table.
    if (plan.health) return [];
    const active = theNode(plan, 'director').name;
    return nodesOf(plan, 'director').flatMap(({ name: node }) =>
      plan.services.map((service) => ({
        nodes: [node],
        name: nameWithService(plan, node, service),
        make: [{ on: node, run: deleteService(service) }],
        witness: noServiceInKernel(node, service),
        symptom: node === active ? unbalanced(plan, [service]) : { kind: 'none' },
        check: { id: node === active ? 'table' : 'backup-table', hint: [node, 'ipvsadm -Ln'] },
      })),
    );
  },
};

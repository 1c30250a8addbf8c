import { theNode } from '../plan/plan.ts';
import { editServer } from './edit-rules.ts';
import type { Fault } from './fault.ts';
import { nameWithService } from './servers.ts';
import { fails } from './symptom.ts';

export const tunnelTypeWrong: Fault = {
  id: 'tunnel-type-wrong',
  title: 'the director wraps requests in IP in IP, but a real server expects another tunnel',
  cause:
    'Where the real server has the module ipip loaded, as for GUE, IP in IP works by chance. Elsewhere nothing unwraps it.',
  places: (plan) =>
    plan.services.flatMap((service) =>
      service.destinations
        .filter(({ mode, tunnel }) => mode === 'tun' && tunnel !== 'ipip')
        .map((destination) => ({
          name: nameWithService(plan, destination.server, service),
          make: [
            {
              on: theNode(plan, 'director').name,
              run: editServer(service, destination, { tunnel: '--tun-type ipip' }),
            },
          ],
          symptom: destination.tunnel === 'gue' ? { kind: 'none' } : fails(plan, [destination.server], [service]),
          check: { id: 'table', hint: ['ipvsadm -Ln'] },
        })),
    ),
};

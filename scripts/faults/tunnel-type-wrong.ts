import { nicOn, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import { editServer } from './edit-rules.ts';
import type { Fault, Witness } from './fault.ts';
import { nameWithService } from './servers.ts';
import { findNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { fails } from './symptom.ts';

export const tunnelTypeWrong: Fault = {
  id: 'tunnel-type-wrong',
  family: 'ipvs',
  title: 'the director wraps requests in IP in IP, but a real server expects another tunnel',
  cause:
    'If the real server has the module ipip loaded, as with GUE, IP in IP works by chance. Otherwise nothing unwraps it.',
  sign: changed('ipvs', / -r /, { before: /--tun-type (gue|gre)/, after: /^-i (?!.*--tun-type (gue|gre))/ }),
  places: (plan) =>
    plan.services.flatMap((service) =>
      service.destinations
        .filter(({ mode, tunnel }) => mode === 'tun' && tunnel !== 'ipip')
        .map((destination) => ({
          nodes: [theNode(plan, 'director').name],
          name: nameWithService(plan, destination.server, service),
          make: [
            {
              on: theNode(plan, 'director').name,
              run: editServer(service, destination, { tunnel: '--tun-type ipip' }),
            },
          ],
          witness: wrapsInIp(plan, service, destination.address),
          symptom: destination.tunnel === 'gue' ? { kind: 'none' } : fails(plan, [destination.server], [service]),
          check: { id: 'table', hint: ['ipvsadm -Ln'] },
        })),
    ),
};

/** Packets in IP in IP leave for the real server while the director itself asks each real server of the service once. */
function wrapsInIp(plan: Plan, { vip, endpoints, destinations }: PlannedService, server: string): Witness {
  const director = theNode(plan, 'director');
  const filter = plan.family === 6 ? `ip6 proto 41 and dst ${server}` : `ip proto 4 and dst ${server}`;
  const heard = sh`timeout 8 tcpdump -n --immediate-mode -c 1 -i "$nic" ${filter} > /dev/null 2>&1 &`;
  const ask = sh`for _ in ${destinations.map(() => 'x')}; do nc -z -w 1 ${vip} ${endpoints[0]?.port ?? 0} < /dev/null; done`;
  return {
    on: director.name,
    run: `${findNic(nicOn(director, 'front').address)}; ${heard} sleep 1; ${ask}; wait $!`,
  };
}

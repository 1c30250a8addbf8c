import { nodesOf } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { serversOn } from './servers.ts';
import { fails } from './symptom.ts';

export const routerRpFilterStrict: Fault = {
  id: 'router-rp-filter-strict',
  title: 'the reverse path filter of the router is strict',
  cause:
    'Answers have the VIP as source, but the route to the VIP leads to the other side. So the router drops them as forged.',
  places: (plan) => {
    if (plan.family === 6) return [];
    return nodesOf(plan, 'router').map(({ name }) => ({
      name,
      make: [{ on: name, run: 'sysctl -q -w net.ipv4.conf.all.rp_filter=1' }],
      symptom: fails(
        plan,
        serversOn(plan, 'remote').map(({ node }) => node),
      ),
      check: { id: 'router', hint: ['strict'] },
    }));
  },
};

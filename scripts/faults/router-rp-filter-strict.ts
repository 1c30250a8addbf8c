import { nicOn, nodesOf, theNode, vipsOf } from '../plan/plan.ts';
import { takesEffect } from './effective.ts';
import type { Fault } from './fault.ts';
import { serversOn } from './servers.ts';
import { findNic } from './sh.ts';
import { fails } from './symptom.ts';
import { refusesSource } from './witness.ts';

export const routerRpFilterStrict: Fault = {
  id: 'router-rp-filter-strict',
  family: 'route',
  title: 'the reverse path filter of the router is strict',
  cause:
    'Answers have the VIP as source, but the router’s route to the VIP leads to the other side. So the router drops them as forged.',
  sign: takesEffect(
    'rp_filter',
    () => ['remote'],
    (before, after) => before !== 1 && after === 1,
  ),
  places: (plan) => {
    if (plan.family === 6) return [];
    return nodesOf(plan, 'router').map((router) => ({
      name: router.name,
      nodes: [router.name],
      make: [{ on: router.name, run: 'sysctl -q -w net.ipv4.conf.all.rp_filter=1' }],
      witness: refusesSource(
        router.name,
        nicOn(theNode(plan, 'client'), 'front').address,
        vipsOf(plan)[0] ?? '',
        findNic(nicOn(router, 'remote').address),
      ),
      symptom: fails(
        plan,
        serversOn(plan, 'remote').map(({ node }) => node),
      ),
      check: { id: 'router', hint: ['strict'] },
    }));
  },
};

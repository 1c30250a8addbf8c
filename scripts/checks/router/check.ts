import { nodesOf } from '../../plan/plan.ts';
import { byEffect } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, worksAsAWhole } from '../effect.ts';
import { up } from '../hint.ts';
import { strictFilters } from '../looks/sysctls.ts';
import { routerSysctls } from './look.ts';

const judge: Judge = (plan, seen) =>
  nodesOf(plan, 'router').map(({ name }) => {
    const values = seen.of(routerSysctls, name);
    const forward = values.get('forwarding') ?? 0;
    const nics = [...values.keys()].flatMap((key) => /^(?!all\.)(.+)\.rp_filter$/.exec(key)?.[1] ?? []);
    const strict = [...new Set(nics.flatMap((nic) => strictFilters(values, nic)))];
    const asPlanned = forward === 1 && strict.length === 0;
    const filters = strict.length > 0 ? strict.map((one) => `${one}.rp_filter 1`) : ['no strict rp_filter'];
    const observed = [`forwarding ${forward}`, ...filters].join(', ');
    const works = () => worksAsAWhole(plan, seen);
    const effect = byEffect(asPlanned, works, `${observed}; requests and answers get through`);
    return {
      title: 'the router lets requests and answers through',
      ...effect,
      expected: 'forwarding 1, no strict rp_filter',
      observed,
      ...(!effect.ok && {
        hint: {
          cause:
            forward === 1
              ? 'a strict filter drops the answers: the route to their source, the VIP, leads to the other side'
              : 'without forwarding nothing gets from one network to the other',
          commands: [up(plan)],
          see: [],
        },
      }),
    };
  });

export const router: CheckKind = {
  id: 'router',
  about: 'a router between director and real servers forwards, and has no strict reverse path filter',
  faults: ['router-rp-filter-strict', 'forwarding-off'],
  looks: [routerSysctls, ...effectLooks],
  judge,
};

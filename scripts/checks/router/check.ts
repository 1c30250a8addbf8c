import { nodesOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { routerSysctls } from './look.ts';

const judge: Judge = (plan, seen) =>
  nodesOf(plan, 'router').map(({ name }) => {
    const sysctls = seen.of(routerSysctls, name);
    const forward = sysctls.get('forwarding') ?? 0;
    // The larger of "all" and the interface counts (IN_DEV_MAXCONF, include/linux/inetdevice.h).
    const all = sysctls.get('all.rp_filter') ?? 0;
    const filters = [...sysctls].filter(([key]) => /^(?!all\.).*\.rp_filter$/.test(key));
    const strict = filters.filter(([, value]) => Math.max(all, value) === 1).map(([key]) => key);
    const ok = forward === 1 && strict.length === 0;
    return {
      title: 'the router lets requests and answers through',
      ok,
      expected: 'forwarding 1, no strict rp_filter',
      observed: `forwarding ${forward}, ${strict.length > 0 ? `${strict.join(', ')} = 1` : 'no strict rp_filter'}`,
      ...(!ok && {
        hint: {
          cause:
            forward === 1
              ? 'a strict filter drops the answers: their source, the VIP, is routed to the other side'
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
  looks: [routerSysctls],
  judge,
};

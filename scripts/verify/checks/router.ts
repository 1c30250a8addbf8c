import type { Judge } from '../check.ts';

/** TUN behind a router: it forwards, and takes no offence at answers with the VIP as source. */
export const routerLetsThrough: Judge = (plan, { router }) => {
  const node = plan.nodes.find(({ role }) => role === 'router')?.name;
  if (!node) return [];
  const forward = router?.sysctls.get('forwarding') ?? 0;
  // The larger of "all" and the interface counts (IN_DEV_MAXCONF, include/linux/inetdevice.h).
  const all = router?.sysctls.get('all.rp_filter') ?? 0;
  const filters = [...(router?.sysctls ?? [])].filter(([name]) => /^(?!all\.).*\.rp_filter$/.test(name));
  const strict = filters.filter(([, value]) => Math.max(all, value) === 1).map(([name]) => name);
  const ok = forward === 1 && strict.length === 0;
  return [
    {
      id: 'router',
      title: 'the router lets requests and answers through',
      ok,
      expected: 'forwarding 1, no strict rp_filter',
      observed: `forwarding ${forward}, ${strict.length > 0 ? `${strict.join(', ')} = 1` : 'no strict rp_filter'}`,
      ...(!ok && {
        hint: `${forward === 1 ? 'a strict filter drops every answer, whose source, the VIP, is routed to the other side' : 'nothing gets from one network to the other'}; lab up ${plan.lab} makes it right`,
      }),
    },
  ];
};

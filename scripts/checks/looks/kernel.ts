import { parseKernelVersion } from '../../ipvs/kernel.ts';
import { theNode } from '../../plan/plan.ts';
import type { Look } from './look.ts';

/** The version of the director's kernel, since IPVS does not choose in the same way in all of them. */
export const kernel: Look<string | undefined> = {
  name: 'kernel',
  about: '/proc/version on the director, before the requests',
  on: (plan, { name }) => (name === theNode(plan, 'director').name ? {} : undefined),
  templates: { before: 'checks/looks/kernel' },
  parse: (printed) => parseKernelVersion(printed.in('before')),
};

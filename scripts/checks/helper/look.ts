import { helpersOf } from '../../plan/backends.ts';
import { theNode } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** Helpers of IPVS on the director: `ftp 21`. */
export const helpers: Look<string[]> = {
  name: 'helpers',
  about: '/proc/net/ip_vs_app on the director, where a backend needs a kernel module of IPVS',
  on(plan, { name }) {
    return helpersOf(plan).length > 0 && name === theNode(plan, 'director').name ? {} : undefined;
  },
  templates: { after: 'checks/helper/list' },
  parse: (printed) => parseHelpers(printed.in('after')),
};

/** /proc/net/ip_vs_app (ip_vs_app_seq_show): protocol, port, number of users, name. */
export function parseHelpers(text: string): string[] {
  return [...text.matchAll(/^TCP\s+(\d+)\s+\d+\s+(\w+)/gm)].map(([, port, name]) => `${name} ${port}`);
}

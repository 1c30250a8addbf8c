import { joinAddress } from '../../model/addresses.ts';
import { httpPortOf } from '../../plan/site.ts';
import { siteServiceOf } from '../../plan/web-site.ts';
import type { Look } from '../looks/look.ts';
import { siteMachines } from '../site-machines.ts';

/** A page of the site that PHP makes. */
const programOf = {
  static: '/',
  php: '/index.php',
  wordpress: '/wp-includes/version.php',
} as const;

/** HTTP status of a page made by PHP, which a real server requests from itself; 0 without an answer. */
export const phpStatus: Look<number> = {
  name: 'phpstatus',
  about: 'a page made by PHP, which each real server of the web site requests from itself',
  on(plan, { name }) {
    const { site } = plan;
    if (!site?.php) return undefined;
    const service = siteServiceOf(plan);
    const server = service.destinations.find((one) => one.server === name);
    if (!server || !siteMachines(plan).includes(name)) return undefined;
    const at = joinAddress(server.address, server.port || httpPortOf(service));
    return { url: `http://${at}${programOf[site.pages]}` };
  },
  templates: { beside: 'checks/site-php/ask' },
  parse: (printed) => Number(printed.in('beside')),
};

import type { Look } from '../looks/look.ts';
import { siteMachines } from '../site-machines.ts';

/** Whether the database's port is open to a machine that must not reach it. */
export const openDoor: Look<boolean> = {
  name: 'databasedoor',
  about: 'a connection to the web site’s database, tried from each machine of the site but the PHP server',
  on(plan, { name }) {
    const { site } = plan;
    if (!site?.database || name === site.mysql || name === site.php) return undefined;
    return siteMachines(plan).includes(name) ? { address: site.database } : undefined;
  },
  templates: { beside: 'checks/database-door/knock' },
  parse: (printed) => printed.in('beside').trim() === 'open',
};

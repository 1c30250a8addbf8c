import type { Look } from './look.ts';

/** States of the services that a machine runs for the web site: `mariadb.service` → `active`. */
export const siteUnits: Look<Map<string, string>> = {
  name: 'siteunits',
  about: 'systemctl is-active of the NFS server, PHP-FPM and MariaDB, each on its machine of the web site',
  on({ site }, { name }) {
    const units = [
      ...(name === site?.nfs ? ['nfs-server'] : []),
      ...(name === site?.php ? ['php*-fpm'] : []),
      ...(name === site?.mysql ? ['mariadb'] : []),
    ];
    return units.length > 0 ? { units } : undefined;
  },
  templates: { beside: 'checks/looks/site-units' },
  parse: (printed) => parseUnits(printed.in('beside')),
};

/** Parses lines like `php8.4-fpm.service active`. */
export function parseUnits(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^(\S+) (\S+)$/gm)].map(([, unit = '', state = '']) => [unit, state]));
}

/** The first service that does not run, among those whose name begins with `name`. */
export function stoppedUnit(units: ReadonlyMap<string, string>, name: string): string | undefined {
  return [...units].find(([unit, state]) => unit.startsWith(name) && state !== 'active')?.[0];
}

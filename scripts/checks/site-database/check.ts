import type { CheckKind, Judge } from '../check-kind.ts';
import { siteUnits, stoppedUnit } from '../looks/site-units.ts';
import { databaseLogin } from './look.ts';

/** Numbers of MySQL's error messages: access denied for a user, for a database; and for no connection at all. */
const denied = [1044, 1045, 1698];

const judge: Judge = ({ lab, site }, seen) => {
  if (!site?.mysql || !site.php) return [];
  const { mysql, php } = site;
  const { code, words } = seen.of(databaseLogin, php);
  const down = stoppedUnit(seen.of(siteUnits, mysql), 'mariadb');
  const ok = code === 0 && !down;
  return [
    {
      title: 'the PHP server is let into the database',
      ok,
      expected: `${php} logs in on ${mysql}`,
      observed: ok ? `${php} on ${mysql}` : [...(down ? [`${mysql}: ${down} does not run`] : []), words].join('; '),
      ...(!ok && {
        hint: down
          ? `MariaDB is down: lab ssh ${lab} ${mysql} -- systemctl start mariadb`
          : denied.includes(code)
            ? `name or password of the site are not those of the database: DB_PASSWORD in /etc/wordpress/config-default.php on ${php}; lab up ${lab} makes both agree`
            : `the database is not reached: lab ssh ${lab} ${mysql} -- ss -ltn; nft list ruleset`,
      }),
    },
  ];
};

export const siteDatabase: CheckKind = {
  id: 'site-database',
  about: 'a web site with a database: the PHP server logs in with the site’s name and password',
  faults: [],
  looks: [databaseLogin, siteUnits],
  judge,
};

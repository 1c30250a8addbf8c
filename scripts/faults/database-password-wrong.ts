import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';

/** `define('DB_PASSWORD', 'lvs-lab');` */
const passwordIn = (text = '') => /DB_PASSWORD['"]\s*,\s*(.*)$/m.exec(text)?.[1];

export const databasePasswordWrong: Fault = {
  id: 'database-password-wrong',
  family: 'application',
  title: 'WordPress uses a wrong password for the database',
  cause: 'The database refuses the PHP server, so PHP cannot make pages that need the database.',
  sign: (change) =>
    changed('file', /^\/etc\/wordpress\//, { before: /./, after: /./ })(change).filter(
      ({ before, after }) => passwordIn(before) !== passwordIn(after),
    ),
  places: (plan) => {
    const { site } = plan;
    return site?.php && site.mysql
      ? [
          {
            name: site.php,
            nodes: [site.php],
            make: [{ on: site.php, run: `sed -i "s/'lvs-lab'/'wrong'/" /etc/wordpress/config-default.php` }],
            witness: {
              on: theNode(plan, 'client').name,
              run: sh`[ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 60 ${`${site.url}/`})" = 500 ]`,
            },
            symptom: { kind: 'site fails' },
            check: { id: 'site-database', hint: ['DB_PASSWORD', 'config-default.php', site.php] },
          },
        ]
      : [];
  },
};

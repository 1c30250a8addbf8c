import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';

export const siteWriterMissing: Fault = {
  id: 'site-writer-missing',
  family: 'application',
  title: 'WordPress is only half set up: it has no user',
  cause: 'Its tables exist, so it looks installed, but nobody can log in.',
  places: (plan) => {
    const { site } = plan;
    return site?.mysql && site.pages === 'wordpress'
      ? [
          {
            name: site.mysql,
            nodes: [site.mysql],
            make: [{ on: site.mysql, run: `mariadb wordpress --execute 'DELETE FROM wp_users'` }],
            witness: {
              on: theNode(plan, 'client').name,
              // After a successful login WordPress redirects the browser (302).
              run: sh`[ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 60 -d 'log=admin&pwd=lvs-lab' ${`${site.url}/wp-login.php`})" = 200 ]`,
            },
            symptom: { kind: 'none' },
            check: { id: 'site-user', hint: ['half set up', 'wp_users'] },
          },
        ]
      : [];
  },
};

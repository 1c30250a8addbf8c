import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';

export const checkLies: Fault = {
  id: 'check-lies',
  family: 'application',
  title: 'health checks report every real server as healthy without asking it',
  cause: 'Nothing is wrong until a real server fails. Then it still gets requests.',
  sign: changed('file', /ldirectord\.cf$/, { before: /^(?![\s\S]*checktype=on\b)/, after: /checktype=on\b/ }),
  places: (plan) => {
    if (plan.health?.by !== 'ldirectord') return [];
    const director = theNode(plan, 'director').name;
    const file = '/etc/ha.d/ldirectord.cf';
    const server = plan.services[0]?.destinations.find(({ local }) => !local);
    const quiet = plan.health.interval * 2 + 1;
    if (!server) return [];
    return [
      {
        name: director,
        nodes: [director],
        make: [
          {
            on: director,
            run: sh`sed -i 's/checktype=negotiate/checktype=on/' ${file} && systemctl restart ldirectord`,
          },
        ],
        witness: {
          on: server.server,
          run: sh`before=$(wc -l < /var/log/apache2/access.log); sleep ${quiet}; [ "$before" = "$(wc -l < /var/log/apache2/access.log)" ]`,
        },
        symptom: { kind: 'none' },
      },
    ];
  },
};

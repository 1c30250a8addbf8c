import type { CheckKind, Judge } from '../check-kind.ts';
import { siteUnits, stoppedUnit } from '../looks/site-units.ts';
import { filesStand } from '../site-files/check.ts';
import { phpStatus } from './look.ts';

/** The PHP server runs programs for every real server. Not judged without the files: then PHP has no programs. */
const judge: Judge = (plan, seen) => {
  const { lab, site } = plan;
  if (!site?.php || !filesStand(plan, seen)) return [];
  const asked = plan.nodes
    .filter((node) => phpStatus.on(plan, node))
    .map(({ name }) => ({ node: name, status: seen.of(phpStatus, name) }));
  const wrong = asked.filter(({ status }) => status !== 200);
  const down = stoppedUnit(seen.of(siteUnits, site.php), 'php');
  const ok = asked.length > 0 && wrong.length === 0 && !down;
  const nodes = asked.map(({ node }) => node).join(', ');
  return [
    {
      title: 'every real server has its PHP run by the PHP server',
      ok,
      expected: `status 200 on ${nodes}`,
      observed: ok
        ? `so on ${nodes}`
        : [
            ...(down ? [`${site.php}: ${down} does not run`] : []),
            ...wrong.map(({ node, status }) => `${node}: ${status ? `status ${status}` : 'no answer'}`),
          ].join('; '),
      ...(!ok && {
        hint: down
          ? `PHP-FPM is down: lab ssh ${lab} ${site.php} -- systemctl start ${down}`
          : `if the files are there (site-files): lab ssh ${lab} ${asked[0]?.node} -- tail /var/log/apache2/error.log`,
      }),
    },
  ];
};

export const sitePhp: CheckKind = {
  id: 'site-php',
  about: 'a web site with a PHP server: it runs PHP for each real server',
  faults: [],
  looks: [phpStatus, siteUnits],
  judge,
};

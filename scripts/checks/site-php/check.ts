import type { Plan } from '../../plan/plan.ts';
import { siteServiceOf } from '../../plan/web-site.ts';
import { listed, namesOf } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { backendsOf } from '../looks/asking.ts';
import { siteUnits, stoppedUnit } from '../looks/site-units.ts';
import { filesStand } from '../site-files/check.ts';
import { phpStatus } from './look.ts';

/** The PHP server runs programs for each real server. Not judged without the files: then PHP has nothing to run. */
const judge: Judge = (plan, seen) => {
  const { site } = plan;
  if (!site?.php || !filesStand(plan, seen)) return [];
  const asked = plan.nodes
    .filter((node) => phpStatus.on(plan, node))
    .map(({ name }) => ({ node: name, status: seen.of(phpStatus, name) }));
  const wrong = asked.filter(({ status }) => status !== 200);
  const down = stoppedUnit(seen.of(siteUnits, site.php), 'php');
  const ok = asked.length > 0 && wrong.length === 0 && !down;
  const nodes = namesOf(asked).join(', ');
  return [
    {
      title: 'the PHP server runs programs for every real server',
      ok,
      expected: `status 200 on ${nodes}`,
      observed: ok
        ? nodes
        : [
            ...(down ? [`${site.php}: ${down} does not run`] : []),
            ...wrong.map(({ node, status }) => `${node}: ${status ? `status ${status}` : 'no answer'}`),
          ].join('; '),
      ...(!ok && {
        hint: down ? stoppedHint(site.php, down) : webServerHint(plan, namesOf(wrong)),
      }),
    },
  ];
};

function stoppedHint(php: string, unit: string): Hint {
  return { cause: `PHP-FPM does not run on ${php}`, commands: [{ on: php, run: `systemctl start ${unit}` }], see: [] };
}

function webServerHint(plan: Plan, nodes: readonly string[]): Hint {
  const logs = new Set(backendsOf(siteServiceOf(plan)).map(({ daemon }) => daemon.log));
  return {
    cause: `the web server of ${listed(nodes)} logs why it got no page from PHP`,
    commands: nodes.slice(0, 1).flatMap((on) => [...logs].map((run) => ({ on, run }))),
    see: [],
  };
}

export const sitePhp: CheckKind = {
  id: 'site-php',
  about: 'the PHP server of a web site runs programs for each real server',
  faults: ['php-down'],
  looks: [phpStatus, siteUnits],
  judge,
};

import { countOf } from '../count-of.ts';
import { tableOf } from '../ipvs/rules.ts';
import { nodesOf } from '../plan/plan.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import { up } from './hint.ts';
import { table } from './looks/table.ts';
import { differencesOf } from './table/differences.ts';

const judge: Judge = (plan, seen) => {
  const [, backup] = nodesOf(plan, 'director');
  if (!backup) return [];
  const rules = seen.of(table, backup.name);
  const differences = plan.services.flatMap((service) => {
    const planned = tableOf(service);
    const found = rules.find(({ name }) => name === planned.name);
    return found ? differencesOf(plan, planned, found, service) : [`no service ${planned.name}`];
  });
  const ok = differences.length === 0;
  return [
    {
      title: 'the backup has the same IPVS table',
      ok,
      expected: `${countOf(plan.services.length, 'service')} as planned`,
      observed: ok ? `${countOf(plan.services.length, 'service')} as planned` : differences.join('; '),
      ...(!ok && {
        hint: {
          cause: 'sync daemons carry connections, never services',
          commands: [up(plan), { on: backup.name, run: 'ipvsadm -Ln' }],
          see: [],
        },
      }),
    },
  ];
};

export const backupTable: CheckKind = {
  id: 'backup-table',
  about: 'two directors: the backup’s IPVS table is as planned as well',
  faults: ['service-missing'],
  looks: [table],
  judge,
};

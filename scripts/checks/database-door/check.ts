import { joinAddress } from '../../model/addresses.ts';
import { listed } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { openDoor } from './look.ts';

const judge: Judge = (plan, seen) => {
  const { site } = plan;
  if (!site?.mysql || !site.php) return [];
  const others = plan.nodes.filter((node) => openDoor.on(plan, node)).map(({ name }) => name);
  if (others.length === 0) return [];
  const open = others.filter((node) => seen.of(openDoor, node));
  const ok = open.length === 0;
  return [
    {
      title: 'only the PHP server reaches the database',
      ok,
      expected: `${joinAddress(site.database, 3306)} is open to ${site.php} only`,
      observed: ok ? `no connection from ${others.join(', ')}` : `open to ${open.join(', ')}`,
      ...(!ok && {
        hint: {
          cause: `no rule on ${site.mysql} rejects ${listed(open)} (nft table lvs_lab_database)`,
          commands: [up(plan), { on: site.mysql, run: 'nft list ruleset' }],
          see: [],
        },
      }),
    },
  ];
};

export const databaseDoor: CheckKind = {
  id: 'database-door',
  about: 'of the machines of a web site only the PHP server reaches the database',
  faults: [],
  looks: [openDoor],
  judge,
};

import { serversBy } from '../../plan/plan.ts';
import { eachRealServer, named, namesOf } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { effectLooks, serves } from '../effect.ts';
import { up } from '../hint.ts';
import { fou } from './look.ts';

const judge: Judge = (plan, seen) => {
  const servers = serversBy(plan, 'tun').filter(({ tunnel }) => tunnel === 'gue');
  return eachRealServer(
    servers,
    {
      title: 'real servers unwrap GUE',
      expected: `fou on port ${[...new Set(servers.map(({ tunnelPort }) => tunnelPort))].join(' or ')}`,
      hint: (wrong) => ({
        cause: `requests arrive in UDP (GUE), and nothing unwraps them on ${named(namesOf(wrong))}`,
        commands: [up(plan), { on: wrong[0].node, run: `ip fou add port ${wrong[0].tunnelPort} gue` }],
        see: [],
      }),
      works: ({ node }) => serves(plan, seen, node),
    },
    ({ node, tunnelPort }) => {
      const lines = seen.of(fou, node);
      const ok = lines.some((line) => line.startsWith(`port ${tunnelPort} gue`));
      return { ok, observed: lines.join(', ') || 'ip fou show prints nothing' };
    },
  );
};

export const gue: CheckKind = {
  id: 'gue',
  about: 'TUN with GUE: each real server unwraps the packets that arrive in UDP',
  faults: ['gue-port-closed'],
  looks: [fou, ...effectLooks],
  judge,
};

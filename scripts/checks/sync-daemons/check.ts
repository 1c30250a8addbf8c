import { nodesOf } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { daemons } from './look.ts';

const judge: Judge = (plan, seen) => {
  if (!plan.backup) return [];
  const { syncid, ...others } = plan.backup.sync;
  const wanted = [['syncid', syncid], ...Object.entries(others)].filter(([, value]) => value !== undefined);
  const directors = nodesOf(plan, 'director').map(({ name }) => name);
  const missing = directors.flatMap((node) =>
    ['master', 'backup'].flatMap((state) => {
      const what = seen.of(daemons, node).get(state);
      if (what === undefined) return { node, text: `${node} has no ${state} daemon` };
      const shown = what.split(', ');
      return wanted.every(([name, value]) => shown.includes(`${name}=${value}`))
        ? []
        : { node, text: `${node}: ${state} daemon with ${what}` };
    }),
  );
  const ok = missing.length === 0;
  const nodes = [...new Set(missing.map(({ node }) => node))];
  return [
    {
      title: 'sync daemons copy connections between the directors',
      ok,
      expected: `master and backup daemon on both, ${wanted.map((one) => one.join(' ')).join(', ')}`,
      observed: ok ? `master and backup daemon on ${directors.join(', ')}` : missing.map(({ text }) => text).join('; '),
      ...(!ok && {
        hint: {
          cause: 'a connection ends at a director that does not know it',
          commands: [up(plan), ...nodes.slice(0, 1).map((on) => ({ on, run: 'ipvsadm -l --daemon' }))],
          see: [],
        },
      }),
    },
  ];
};

export const syncDaemons: CheckKind = {
  id: 'sync-daemons',
  about: 'two directors: each runs a sync daemon that sends its connections and one that receives the other’s',
  faults: ['sync-daemon-missing'],
  looks: [daemons],
  judge,
};

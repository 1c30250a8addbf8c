import { theNode } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { plannedSettings, settingsLook } from './look.ts';

const judge: Judge = (plan, seen) => {
  const wanted = plannedSettings(plan);
  if (wanted.size === 0) return [];
  const found = seen.of(settingsLook, theNode(plan, 'director').name);
  const wrong = [...wanted].filter(([name, value]) => found.get(name) !== value);
  const ok = wrong.length === 0;
  return [
    {
      title: 'time-outs and sysctls of IPVS are as planned',
      ok,
      expected: [...wanted].map(([name, value]) => `${name} ${value}`).join(', '),
      observed: (ok ? [...wanted] : wrong).map(([name]) => `${name} ${found.get(name) ?? 'is missing'}`).join(', '),
      ...(!ok && { hint: { cause: 'these settings differ from the lab file', commands: [up(plan)], see: [] } }),
    },
  ];
};

export const settings: CheckKind = {
  id: 'settings',
  about: 'the time-outs and sysctls of IPVS that the lab file sets are in force',
  faults: [],
  looks: [settingsLook],
  judge,
};

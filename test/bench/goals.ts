/** What a figure of ours must reach. */
export type Goal =
  /** Ours divided by theirs. */
  | { ratio: number }
  /** Theirs divided by ours. */
  | { times: number }
  /** Ours alone. */
  | { ours: number }
  /** That it comes about at all. */
  | 'passes';

/** By the name of a row. */
export type Goals = Readonly<Record<string, Goal>>;

/** Against another commit of the project. */
export const againstGoals: Goals = {
  dr: { ratio: 0.5 },
  nat: { ratio: 0.5 },
  tun: { ratio: 0.5 },
  verify: { ratio: 0.7 },
  reset: { ratio: 0.6 },
  memory: { ratio: 1 },
  'load-dr': { ours: 0.4 },
  web: { ratio: 0.7 },
  'load-web': { ours: 0.25 },
  further: { ours: 0.12 },
  16: { ratio: 0.45 },
  64: 'passes',
  nothing: { ratio: 0.5 },
};

/** Against Vagrant with libvirt. */
export const vagrantGoals: Goals = { dr: { times: 18 }, nat: { times: 18 }, tun: { times: 18 } };

export function goalText(goal: Goal): string {
  if (goal === 'passes') return goal;
  if ('ratio' in goal) return `≤ ${goal.ratio}`;
  return 'times' in goal ? `≥ × ${goal.times}` : `ours ≤ ${goal.ours}`;
}

/** @param ratio ours divided by theirs */
export function isMet(goal: Goal, { ours, ratio }: { ours: number | undefined; ratio: number | undefined }): boolean {
  if (goal === 'passes') return ours !== undefined;
  if ('ours' in goal) return ours !== undefined && ours <= goal.ours;
  if (ratio === undefined) return false;
  return 'ratio' in goal ? ratio <= goal.ratio : 1 / ratio >= goal.times;
}

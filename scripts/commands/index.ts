import type { Command } from 'commander';

/** Declares one command: its arguments, options and examples. Its action is loaded when it is called. */
type Grammar = (lab: Command) => void;

/** Every command, in the order of the help. A grammar is loaded when its command is called, and for the general help. */
export const commands: Record<string, () => Promise<{ grammar: Grammar }>> = {
  run: () => import('./run.ts'),
  up: () => import('./up.ts'),
  verify: () => import('./verify.ts'),
  path: () => import('./path.ts'),
  capture: () => import('./capture.ts'),
  diff: () => import('./diff.ts'),
  diagnose: () => import('./diagnose.ts'),
  faults: () => import('./faults.ts'),
  break: () => import('./break.ts'),
  mend: () => import('./mend.ts'),
  try: () => import('./try.ts'),
  bugs: () => import('./bugs.ts'),
  bug: () => import('./bug.ts'),
  bisect: () => import('./bisect.ts'),
  exercise: () => import('./exercise.ts'),
  down: () => import('./down.ts'),
  status: () => import('./status.ts'),
  list: () => import('./list.ts'),
  ssh: () => import('./ssh.ts'),
  rules: () => import('./rules.ts'),
  stats: () => import('./stats.ts'),
  connections: () => import('./connections.ts'),
  import: () => import('./import.ts'),
  'try-config': () => import('./try-config.ts'),
  simulate: () => import('./simulate.ts'),
  render: () => import('./render.ts'),
  reset: () => import('./reset.ts'),
  save: () => import('./save.ts'),
  load: () => import('./load.ts'),
  checkpoints: () => import('./checkpoints.ts'),
  forget: () => import('./forget.ts'),
  doctor: () => import('./doctor.ts'),
  image: () => import('./image.ts'),
  kernels: () => import('./kernels.ts'),
  'build-module': () => import('./build-module.ts'),
  completion: () => import('./completion.ts'),
};

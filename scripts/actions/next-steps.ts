import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';

/** What a person may want to do with a running lab. */
export function nextSteps(plan: Pick<Plan, 'lab' | 'file'>): string {
  const lab = labArgument(plan);
  const steps = [
    [`lab ssh ${lab} director`, 'open a shell on a node'],
    [`lab verify ${lab}`, 'check it again'],
    [`lab status ${lab}`, 'show its machines'],
    [`lab down ${lab}`, 'stop it'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => asTyped(command).length));
  // Not a table for the screen, which would break a long command.
  return [
    '  The lab keeps running. What next:',
    ...steps.map(([command, what]) => `    ${asTyped(command).padEnd(width)}  ${what}`),
  ].join('\n');
}

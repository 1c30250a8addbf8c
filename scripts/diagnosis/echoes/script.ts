import type { Plan } from '../../plan/plan.ts';
import { echoTargets } from './targets.ts';

/** The last line of the output of a script that ran to its end. */
export const endOfEchoes = '@@echo end';

/** How many echoes the director sends to each machine, and how many seconds each may take. */
const counts = { short: 50, long: 10, wait: 3 };

/** The script by which the director asks the machines next to it for echoes. */
export function echoScript(
  render: (script: { template: string; context: Record<string, unknown> }) => string,
  plan: Plan,
): string {
  return render({ template: 'diagnosis/echoes/ask', context: { ...counts, targets: echoTargets(plan) } });
}

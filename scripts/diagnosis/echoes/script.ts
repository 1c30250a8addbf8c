import type { Plan } from '../../plan/plan.ts';
import { echoTargets } from './targets.ts';

/** The last line that the script prints: without it the script did not run to its end. */
export const endOfEchoes = '@@echo end';

/** How many pings the director sends to each machine, and for how many seconds it waits for an answer. */
const counts = { short: 100, long: 10, wait: 3 };

/** The script with which the director pings the machines in its networks. */
export function echoScript(
  render: (script: { template: string; context: Record<string, unknown> }) => string,
  plan: Plan,
): string {
  return render({ template: 'diagnosis/echoes/ask', context: { ...counts, targets: echoTargets(plan) } });
}

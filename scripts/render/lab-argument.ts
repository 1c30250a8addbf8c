import type { Plan } from '../plan/plan.ts';
import { shellQuote } from './shell-quote.ts';

/** A lab as it is typed behind a command: its name, or the path of its file where it was named by that. */
export function labArgument({ lab, file }: Pick<Plan, 'lab' | 'file'>): string {
  return shellQuote(file ?? lab);
}

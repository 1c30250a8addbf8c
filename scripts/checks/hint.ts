import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { shellQuote } from '../render/shell-quote.ts';

/** What to do about a check that failed or warns. */
export interface Hint {
  /** What the failure means, as far as the observations prove it. A short clause: no capital letter, no full stop. */
  cause: string;
  /** Commands that repair it or show more, the best one first. */
  commands: HintCommand[];
  /** Where to look further: ids of checks, files. */
  see: string[];
}

/** A command of the kit (`up dr`), or shell text that root runs on a node of the lab. */
export type HintCommand = { lab: string } | { on: string; run: string };

/** Sets up what the plan has and a node lacks. It leaves most of what a person has added. */
export function up(plan: Pick<Plan, 'lab' | 'file'>): HintCommand {
  return { lab: `up ${labArgument(plan)}` };
}

/**
 * A command as it is typed into a shell on this computer: `npx lab up dr`, `npx lab ssh dr rs1 -- ip route`.
 * @param lab the lab as it is typed (labArgument)
 * @param program the words that start the kit: `lab`, or `npx lab` where the shell does not find it
 */
export function typed(command: HintCommand, lab: string, program = 'npx lab'): string {
  return 'lab' in command
    ? `${program} ${command.lab}`
    : `${program} ssh ${lab} ${command.on} -- ${asArguments(command.run)}`;
}

/** `lab ssh` passes several words to the node as arguments, and takes a single word for shell text. */
function asArguments(run: string): string {
  if (/^[\w./:@%+,= -]+$/.test(run)) return run;
  // Within double quotes a shell interprets only these characters; bash also interprets "!".
  return /["$`\\!]/.test(run) ? shellQuote(run) : `"${run}"`;
}

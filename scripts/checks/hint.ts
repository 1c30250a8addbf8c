import { shellQuote } from '../render/shell-quote.ts';

/** What to do about a check that failed. */
export interface Hint {
  /** What the failure means, as far as the observations prove it. A short clause: no capital letter, no full stop. */
  cause: string;
  /** What mends it or shows more, best first. */
  commands: HintCommand[];
  /** Where to look further: ids of checks, files. */
  see: string[];
}

/** Of the kit itself (`up dr`), or as root on a node of the lab, where `run` is text for a shell. */
export type HintCommand = { lab: string } | { on: string; run: string };

/** Sets up whatever of the plan is missing on the nodes. It leaves alone most of what a person has added. */
export function up({ lab }: { lab: string }): HintCommand {
  return { lab: `up ${lab}` };
}

/**
 * A command as it is typed into a shell on this computer: `npx lab up dr`, `npx lab ssh dr rs1 -- ip route`.
 * @param lab the name of the lab
 * @param program what the kit is called by: `lab`, or `npx lab` where no shell finds it
 */
export function typed(command: HintCommand, lab: string, program = 'npx lab'): string {
  return 'lab' in command
    ? `${program} ${command.lab}`
    : `${program} ssh ${lab} ${command.on} -- ${asArguments(command.run)}`;
}

/** `lab ssh` gives several words to the node one by one, and takes a single one for shell text. */
function asArguments(run: string): string {
  if (/^[\w./:@%+,= -]+$/.test(run)) return run;
  // Within double quotes a shell reads only these characters as its own; bash reads "!" as well.
  return /["$`\\!]/.test(run) ? shellQuote(run) : `"${run}"`;
}

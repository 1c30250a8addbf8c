import { type Hint, typed } from '../../scripts/checks/hint.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { labArgument } from '../../scripts/render/lab-argument.ts';
import { hintLines } from '../../scripts/report/hint-lines.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';

/** All that a hint says, in one line; nothing where there is none. */
export function hintText(hint: Hint | undefined, lab: string): string {
  if (hint === undefined) return '';
  const { cause, commands, see } = hint;
  return [cause, ...commands.map((command) => typed(command, lab)), ...see].join('; ');
}

/**
 * What is wrong with a hint: too long for the screen, or a command or reference that leads nowhere.
 * @param checks ids of the lab's checks
 */
export function hintProblems(hint: Hint | undefined, plan: Plan, checks: readonly string[]): string[] {
  if (hint === undefined) return ['there is no hint'];
  const lines = hintLines(hint, labArgument(plan), plainWidth - '      expected  '.length);
  const nodes = plan.nodes.map(({ name }) => name);
  return [
    ...(hint.commands.length + hint.see.length === 0 ? ['it says neither what to do nor where to look'] : []),
    ...(/\.$|undefined/.test(hint.cause) ? [`its cause is no clause: ${hint.cause}`] : []),
    ...(lines.length > 3 ? [`${lines.length} lines: ${lines.join('\n')}`] : []),
    ...lines.filter((line) => line.length > plainWidth).map((line) => `too wide: ${line}`),
    ...hint.see.filter((one) => !checks.includes(one) && !one.startsWith('/')).map((one) => `no check ${one}`),
    ...hint.commands.flatMap((one) => ('on' in one && !nodes.includes(one.on) ? `no node ${one.on}` : [])),
  ];
}

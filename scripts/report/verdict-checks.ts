import type { Check } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { programName } from './as-typed.ts';
import { columns } from './columns.ts';
import { hintLines } from './hint-lines.ts';
import type { Look } from './output.ts';
import { beside } from './wrap.ts';

/** Every check in a line or two, and below them the facts about each failed check. */
export function checksText(plan: Plan, checks: readonly Check[], look: Look): string {
  const { paint, width } = look;
  const rows = checks.map(({ id, ok, title, observed }) => [
    ok ? paint('green', '✓') : paint('red', '✗'),
    paint('dim', id),
    // What a failed check observed is shown below the table.
    ok ? `${title}: ${paint('dim', observed)}` : paint('red', title),
  ]);
  const failures = checks.filter(({ ok }) => !ok).map((check) => failureText(check, labArgument(plan), look));
  return [columns(rows, { width }), ...failures].join('\n\n');
}

const labelWidth = '      expected  '.length;

function failureText({ id, expected, observed, hint }: Check, lab: string, { paint, width }: Look): string {
  return [
    `  ${paint('red', '✗')} ${paint('bold', id)}`,
    beside('      expected  ', expected, width),
    beside('      observed  ', observed, width),
    ...(hint === undefined ? [] : hintRows(hintLines(hint, lab, width - labelWidth, programName()), width)),
  ].join('\n');
}

/** Commands are not broken: a long one begins further to the left. */
function hintRows(lines: readonly string[], width: number): string[] {
  return lines.map((line, at) => {
    const head = at === 0 ? '      hint' : '';
    return `${head.padEnd(Math.max(head.length, Math.min(labelWidth, width - line.length)))}${line}`;
  });
}

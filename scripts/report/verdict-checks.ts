import type { Check } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { programName } from './as-typed.ts';
import { columns } from './columns.ts';
import { hintLines } from './hint-lines.ts';
import type { Look } from './output.ts';
import { beside } from './wrap.ts';

/** Every check in a line or two, and below them the facts about each check that failed or warns. */
export function checksText(plan: Plan, checks: readonly Check[], look: Look): string {
  const { paint, width } = look;
  const rows = checks.map((check) => {
    const { id, ok, title, observed } = check;
    // What a failed check observed is shown below the table.
    return [mark(check, look), paint('dim', id), ok ? `${title}: ${paint('dim', observed)}` : paint('red', title)];
  });
  const [failed, passed] = [checks.filter(({ ok }) => !ok), checks.filter(({ ok }) => ok)];
  const told = [...failed, ...passed.filter(({ warning }) => warning !== undefined)];
  return [columns(rows, { width }), ...told.map((check) => factsText(check, labArgument(plan), look))].join('\n\n');
}

function mark({ ok, warning }: Check, { paint }: Look): string {
  if (!ok) return paint('red', '✗');
  return warning === undefined ? paint('green', '✓') : paint('yellow', '!');
}

const labelWidth = '      expected  '.length;

function factsText(check: Check, lab: string, look: Look): string {
  const { id, ok, expected, observed, warning, hint } = check;
  const { paint, width } = look;
  return [
    `  ${mark(check, look)} ${paint('bold', id)}`,
    ...(ok ? [] : [beside('      expected  ', expected, width), beside('      observed  ', observed, width)]),
    ...(warning === undefined ? [] : [beside('      warning   ', warning, width)]),
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

import type { Check } from '../checks/check.ts';
import type { Hint } from '../checks/hint.ts';
import type { Plan } from '../plan/plan.ts';
import { asTyped, programName } from './as-typed.ts';
import { hintLines } from './hint-lines.ts';
import type { Paint } from './output.ts';
import { screenWidth, wrapWords } from './wrap.ts';

/** Every check in a line or two, and below them the story of each that failed. */
export function checksText({ lab }: Plan, checks: readonly Check[], paint: Paint): string {
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const list = checks.flatMap((check) => rowsOf(check, idWidth, paint)).join('\n');
  return [list, ...checks.filter(({ ok }) => !ok).map((check) => story(check, lab, paint))].join('\n\n');
}

/** `✓ id  title: observed`. What was observed where a check failed is in its story. */
function rowsOf({ id, ok, title, observed }: Check, idWidth: number, paint: Paint): string[] {
  const indent = ' '.repeat('  ✓ '.length + idWidth + 2);
  const [first = '', ...rest] = wrapWords(ok ? `${title}: ${observed}` : title, screenWidth - indent.length);
  const painted = (line: string) => (ok ? line : paint('red', line));
  return [
    `  ${ok ? paint('green', '✓') : paint('red', '✗')} ${paint('dim', id.padEnd(idWidth))}  ${painted(first)}`,
    ...rest.map((line) => `${indent}${painted(line)}`),
  ];
}

const labelWidth = '      expected  '.length;

function story({ id, expected, observed, hint }: Check, lab: string, paint: Paint): string {
  const width = screenWidth - labelWidth;
  return [
    `  ${paint('red', '✗')} ${paint('bold', id)}`,
    ...labelled('expected', wrapWords(expected, width)),
    ...labelled('observed', wrapWords(observed, width)),
    ...(hint === undefined ? [] : labelled('hint', linesOf(hint, lab, width))),
  ].join('\n');
}

function linesOf(hint: Hint | string, lab: string, width: number): string[] {
  return typeof hint === 'string' ? wrapWords(asTyped(hint), width) : hintLines(hint, lab, width, programName());
}

/** A long command, which is not broken, begins further to the left. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, at) => {
    const head = at === 0 ? `      ${label}` : '';
    return `${head.padEnd(Math.max(head.length, Math.min(labelWidth, screenWidth - line.length)))}${line}`;
  });
}

import { type HintCommand, typed } from '../checks/hint.ts';
import { countOf } from '../count-of.ts';
import type { Cause, Diagnosis } from '../diagnosis/cause.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { programName } from './as-typed.ts';
import type { Look } from './output.ts';
import { beside } from './wrap.ts';

/** The most lines of a diagnosis on the screen. */
const most = 10;

/** A diagnosis in ten lines: the first cause, then as many of the others as there is room for. JSON has all of them. */
export function diagnosisText(plan: Plan, { causes, notes, unexplained }: Diagnosis, look: Look): string {
  const lab = labArgument(plan);
  const [first, ...others] = causes;
  if (!first) return [emptyText(unexplained, look), ...noteText(notes, lab, look)].join('\n');
  const lines = wholeText(first, lab, look).split('\n');
  let shown = 0;
  for (const other of others) {
    const more = shortText(other, lab, look).split('\n');
    const isLast = shown === others.length - 1;
    if (lines.length + more.length > (isLast ? most : most - 1)) break;
    lines.push(...more);
    shown++;
  }
  const left = others.length - shown;
  if (left > 0) lines.push(labelled('', `${countOf(left, 'more cause')}: --json shows all`, look));
  const extra = [
    ...(unexplained.length > 0
      ? [labelled('open', `no cause was found for these checks: ${unexplained.join(', ')}`, look)]
      : []),
    ...noteText(notes, lab, look),
  ];
  for (const text of extra) {
    const more = text.split('\n');
    if (lines.length + more.length <= most) lines.push(...more);
  }
  return lines.join('\n');
}

function emptyText(unexplained: readonly string[], look: Look): string {
  if (unexplained.length === 0) return `  ${look.paint('green', '✓')} nothing is wrong: every check passed`;
  return labelled('cause', `not found; these checks failed or warn: ${unexplained.join(', ')}`, look);
}

function noteText(notes: readonly Cause[], lab: string, look: Look): string[] {
  return notes.length > 0 ? [labelled('note', notesText(notes, lab), look)] : [];
}

function wholeText({ node, what, why, evidence, mend, since }: Cause, lab: string, look: Look): string {
  return [
    labelled('cause', look.paint('bold', `${node}: ${what}`), look),
    ...(why ? [labelled('why', why, look)] : []),
    ...(evidence.length > 0 ? [labelled('seen', evidence.join('; '), look)] : []),
    ...(since ? [labelled('since', `${timeOf(since)} or later`, look)] : []),
    ...mend.slice(0, 1).map((command) => commandText(command, lab, look)),
  ].join('\n');
}

function shortText({ node, what, mend }: Cause, lab: string, look: Look): string {
  return [
    labelled('also', `${node}: ${what}`, look),
    ...mend.slice(0, 1).map((one) => commandText(one, lab, look)),
  ].join('\n');
}

function notesText(notes: readonly Cause[], lab: string): string {
  const [first, ...others] = notes;
  const more = others.length > 0 ? `; ${programName()} diff ${lab} shows ${countOf(others.length, 'more change')}` : '';
  return `${first?.node}: ${first?.what}. No harm from this was seen${more}`;
}

const labelWidth = '  cause  '.length;

function labelled(label: string, text: string, { paint, width }: Look): string {
  const head = `  ${label}`.padEnd(labelWidth);
  const [first = '', ...rest] = beside(head, text, width).split('\n');
  return [head.trim() ? first.replace(head, paint('dim', head)) : first, ...rest].join('\n');
}

/** A command is not broken into lines. A long one begins further to the left. */
function commandText(command: HintCommand, lab: string, { paint, width }: Look): string {
  const line = typed(command, lab, programName());
  const head = '  repair'.padEnd(Math.max('  repair '.length, Math.min(labelWidth, width - line.length)));
  return `${paint('dim', head)}${line}`;
}

/** The time of day on this computer. */
function timeOf(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** The fields of a diagnosis in a JSON document. Its commands can be typed as they are. */
export function diagnosisDocument({ causes, notes, unexplained }: Diagnosis, lab: string) {
  const documentOf = ({ id, node, layer, object, what, why, evidence, mend, since }: Cause) => {
    const commands = mend.map((command) => typed(command, lab, programName()));
    return { id, node, layer, object, what, why, evidence, commands, since: since ?? null };
  };
  return { causes: causes.map(documentOf), notes: notes.map(documentOf), unexplained };
}

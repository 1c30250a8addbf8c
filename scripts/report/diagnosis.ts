import { type HintCommand, typed } from '../checks/hint.ts';
import { countOf } from '../count-of.ts';
import type { Cause, Diagnosis } from '../diagnosis/cause.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { programName } from './as-typed.ts';
import type { Look } from './output.ts';
import { beside } from './wrap.ts';

/** A diagnosis in about ten lines: everything about the first cause, a line and a command for the next ones. JSON has all. */
export function diagnosisText(plan: Plan, { causes, notes, unexplained }: Diagnosis, look: Look): string {
  const lab = labArgument(plan);
  const [first, ...others] = causes;
  return [
    ...(first ? [wholeText(first, lab, look)] : [emptyText(unexplained, look)]),
    ...others.slice(0, 2).map((cause) => shortText(cause, lab, look)),
    ...(others.length > 2 ? [labelled('', `${countOf(others.length - 2, 'more cause')}: --json has all`, look)] : []),
    ...(notes.length > 0 ? [labelled('note', notesText(notes, lab), look)] : []),
  ].join('\n');
}

function emptyText(unexplained: readonly string[], look: Look): string {
  if (unexplained.length === 0) return `  ${look.paint('green', '✓')} nothing is wrong: every check passed`;
  return labelled('cause', `not found; ${unexplained.join(', ')} failed`, look);
}

function wholeText({ node, what, why, evidence, mend, since }: Cause, lab: string, look: Look): string {
  return [
    labelled('cause', look.paint('bold', `${node}: ${what}`), look),
    ...(why ? [labelled('why', why, look)] : []),
    ...(evidence.length > 0 ? [labelled('seen', evidence.join('; '), look)] : []),
    ...(since ? [labelled('since', `after ${timeOf(since)}`, look)] : []),
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
  const more = others.length > 0 ? `; ${countOf(others.length, 'more difference')}: ${programName()} diff ${lab}` : '';
  return `${first?.node}: ${first?.what}. That does no harm that was seen${more}`;
}

const labelWidth = '  cause  '.length;

function labelled(label: string, text: string, { paint, width }: Look): string {
  const head = `  ${label}`.padEnd(labelWidth);
  const [first = '', ...rest] = beside(head, text, width).split('\n');
  return [head.trim() ? first.replace(head, paint('dim', head)) : first, ...rest].join('\n');
}

/** A command is not broken; a long one begins further to the left. */
function commandText(command: HintCommand, lab: string, { paint, width }: Look): string {
  const line = typed(command, lab, programName());
  const head = '  mend'.padEnd(Math.max('  mend '.length, Math.min(labelWidth, width - line.length)));
  return `${paint('dim', head)}${line}`;
}

/** The time of day at this computer. */
function timeOf(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** The part of a JSON document. Commands are as they can be typed. */
export function diagnosisDocument({ causes, notes, unexplained }: Diagnosis, lab: string) {
  const documentOf = ({ id, node, layer, object, what, why, evidence, mend, since }: Cause) => {
    const commands = mend.map((command) => typed(command, lab, programName()));
    return { id, node, layer, object, what, why, evidence, commands, since: since ?? null };
  };
  return { causes: causes.map(documentOf), notes: notes.map(documentOf), unexplained };
}

import { countOf } from '../count-of.ts';
import type { Complaint } from '../experiment/complaints.ts';
import { isMet, type Trial, type TriedStep } from '../experiment/trial.ts';
import type { Look, Paint } from './output.ts';
import { beside, wrapLines, wrapped } from './wrap.ts';

/** The steps of a trial as a list: what was done, and whether what must be seen was seen. */
export function trialText({ steps, complaints }: Trial, look: Look): string {
  return [
    ...steps.map((step, at) => stepText(step, at + 1, look)),
    ...complaints.map((one) => complaintText(one, look)),
  ].join('\n');
}

const purposeWords = { see: '', wrong: 'bug: ', right: 'mended: ' } as const;

function stepText({ title, deed, seconds, expectations }: TriedStep, number: number, { paint, width }: Look): string {
  const took = ` ${seconds.toFixed(1)} s`;
  const [first = '', ...rest] = wrapped(title, width - 5 - took.length, width - 5);
  const head = `${`${number}`.padStart(3)}  ${paint('bold', first)}${paint('dim', took)}`;
  return [
    head,
    ...rest.map((line) => `     ${paint('bold', line)}`),
    ...(deed === title ? [] : [wrapLines(`     ${deed}`, width)]),
    ...expectations.map((one) => expectationText(one, { paint, width })),
  ].join('\n');
}

function expectationText(
  { purpose, expected, seen, met }: TriedStep['expectations'][number],
  { paint, width }: Look,
): string {
  // What only tells a bug from what is right is no failure.
  const sign = met ? paint('green', '✔') : purpose === 'see' ? paint('red', '✘') : paint('dim', '✘');
  const lines = wrapped(`${purposeWords[purpose]}${expected}`, width - 7);
  const told = lines.map((line, at) => (at === 0 ? `     ${sign} ${line}` : `       ${line}`));
  return [...told, ...(met ? [] : [beside('       seen: ', seen, width)])].join('\n');
}

/** What a kernel said, with a bar before each line. */
function complaintText({ node, lines }: Complaint, { paint, width }: Look): string {
  const bar = '       | ';
  const quoted = lines.flatMap((line) => wrapped(line, width - bar.length)).map((line) => bar + line);
  return [`     ${paint('red', '✘')} the kernel of ${node} complained`, ...quoted].join('\n');
}

/** The last line: whether it is met, and how much of it. */
export function conclusion(trial: Trial, total: number, paint: Paint): string {
  const all = trial.steps.flatMap(({ expectations }) => expectations.filter(({ purpose }) => purpose === 'see'));
  const missing = all.filter(({ met }) => !met).length;
  const time = paint('dim', `in ${total.toFixed(1)} s`);
  if (isMet(trial)) return `  ${paint('green', paint('bold', 'MET'))}  ${countOf(all.length, 'expectation')}  ${time}`;
  const what = missing > 0 ? `${missing} of ${countOf(all.length, 'expectation')}` : 'a kernel complained';
  return `  ${paint('red', paint('bold', 'NOT MET'))}  ${what}  ${time}`;
}

/** Steps and complaints, as in the documents of several commands. */
export function trialDocument({ steps, complaints, kernels, seconds }: Trial) {
  return { seconds, kernels, steps, complaints };
}

import { join } from 'node:path';
import { type Hint, typed } from '../checks/hint.ts';
import { isAnswered } from '../checks/looks/answered.ts';
import type { Diagnosis } from '../diagnosis/cause.ts';
import { ExitCode } from '../errors.ts';
import { writeWhole } from '../host/files.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { programName } from '../report/as-typed.ts';
import { diagnosisDocument, diagnosisText } from '../report/diagnosis.ts';
import { print, printJson, screenLook } from '../report/output.ts';
import type { Display } from '../report/sinks.ts';
import { verdictText } from '../report/verdict.ts';
import type { Verdict } from '../verify/verify.ts';
import type { diagnosisOfFailure } from './diagnosis.ts';
import type { Globals } from './globals.ts';
import type { VerifiedLab } from './verified-lab.ts';

export type Seconds = { total: number; up?: number; provision?: number; verify: number };

/**
 * Prints a verdict, as a table or as JSON, and keeps it as report.json. When a check has failed, its diagnosis follows: below the
 * table, and in the document. Returns the exit code.
 * @param screen shows how the diagnosis goes on; without it there is none
 */
export async function reportVerdict(
  { opened, lab, verdict }: Pick<VerifiedLab, 'opened' | 'lab' | 'verdict'>,
  seconds: Seconds,
  globals: Globals,
  screen: Display | undefined,
): Promise<number> {
  const { plan, place, templates } = opened;
  const time = new Date().toISOString();
  const documentWith = (diagnosis: Diagnosis | undefined) => ({
    schema: 'lvs-lab/run/2',
    lab: plan.lab,
    provider: plan.provider,
    ok: verdict.ok,
    time,
    kernel: verdict.kernel ?? null,
    seconds,
    ...verdictDocument(plan, verdict),
    diagnosis: diagnosis ? diagnosisDocument(diagnosis, labArgument(plan)) : null,
  });
  const keep = (document: object) =>
    writeWhole(join(place.folder, 'report.json'), `${JSON.stringify(document, null, 2)}\n`);
  process.exitCode = verdict.ok ? ExitCode.ok : ExitCode.checkFailed; // set first, in case the output cannot be written
  await keep(documentWith(undefined));
  const look = screenLook();
  if (!globals.json) print(`\n${verdictText(plan, verdict, timesText(seconds), look)}\n`);
  const diagnosis = verdict.ok || !screen ? undefined : await diagnosed(lab, templates, verdict, screen.emit);
  screen?.clear();
  if (diagnosis) {
    await keep(documentWith(diagnosis));
    if (!globals.json) print(`${diagnosisText(plan, diagnosis, look)}\n`);
  }
  if (globals.json) printJson(documentWith(diagnosis));
  return verdict.ok ? ExitCode.ok : ExitCode.checkFailed;
}

/** Loaded when a lab has failed. */
async function diagnosed(...all: Parameters<typeof diagnosisOfFailure>): Promise<Diagnosis | undefined> {
  return (await import('./diagnosis.ts')).diagnosisOfFailure(...all);
}

/** The requests and the checks, as in the documents of several commands. */
export function verdictDocument(plan: Plan, { services, checks }: Verdict) {
  return {
    answers: services.flatMap(({ name, service, answers, predicted }) =>
      answers.map((answer, index) => ({
        service: name,
        request: index + 1,
        server: isAnswered(service, answer) ? answer.server : null,
        predicted: predicted?.[index] ?? null,
        status: answer.status,
        localPort: answer.localPort,
        seconds: answer.seconds,
        error: answer.error ?? null,
      })),
    ),
    checks: checks.map(({ warning, hint, ...check }) => ({
      ...check,
      warning: warning ?? null,
      hint: hintDocument(hint, labArgument(plan)),
    })),
  };
}

function hintDocument(hint: Hint | undefined, lab: string) {
  if (hint === undefined) return null;
  return { ...hint, commands: hint.commands.map((command) => typed(command, lab, programName())) };
}

function timesText({ total, up, provision, verify }: Seconds): string {
  const parts = [
    ...(up === undefined ? [] : [`machines ${up.toFixed(1)}`]),
    ...(provision === undefined ? [] : [`scripts ${provision.toFixed(1)}`]),
    `checks ${verify.toFixed(1)}`,
  ];
  return `in ${total.toFixed(1)} s (${parts.join(', ')})`;
}

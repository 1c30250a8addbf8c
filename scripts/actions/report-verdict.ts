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
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { verdictText } from '../report/verdict.ts';
import type { Verdict } from '../verify/verify.ts';
import type { Globals } from './globals.ts';
import type { OpenedLab } from './opened-lab.ts';

export type Seconds = { total: number; up?: number; provision?: number; verify: number };

/** Prints a verdict with its diagnosis, as a table or as JSON, and keeps both as report.json. Returns the exit code. */
export async function reportVerdict(
  { plan, place }: OpenedLab,
  verdict: Verdict,
  seconds: Seconds,
  globals: Globals,
  diagnosis?: Diagnosis,
): Promise<number> {
  const document = {
    schema: 'lvs-lab/run/2',
    lab: plan.lab,
    provider: plan.provider,
    ok: verdict.ok,
    seconds,
    ...verdictDocument(plan, verdict),
    diagnosis: diagnosis ? diagnosisDocument(diagnosis, labArgument(plan)) : null,
  };
  process.exitCode = verdict.ok ? ExitCode.ok : ExitCode.checkFailed; // set first, in case the output cannot be written
  await writeWhole(join(place.folder, 'report.json'), `${JSON.stringify(document, null, 2)}\n`);
  if (globals.json) printJson(document);
  else {
    const look = { paint: painter(process.stdout), width: screenWidth(process.stdout) };
    print(`\n${verdictText(plan, verdict, timesText(seconds), look)}\n`);
    if (diagnosis) print(`${diagnosisText(plan, diagnosis, look)}\n`);
  }
  return verdict.ok ? ExitCode.ok : ExitCode.checkFailed;
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

import { ExitCode } from '../errors.ts';
import type { JobVerb } from './schema.ts';

/** What a job found out: exit code 0 of its command, exit code 1, or why it found out nothing. */
const verdicts = {
  run: ['passed', 'failed'],
  try: ['met', 'not met'],
  bug: ['not reproduced', 'reproduced'],
} as const satisfies Record<JobVerb, readonly [string, string]>;

const broke = 'the lab broke';

export type JobVerdict = (typeof verdicts)[JobVerb][number] | typeof broke;

export function verdictOf(verb: JobVerb, code: number): JobVerdict {
  return verdicts[verb][code] ?? broke;
}

/** Whether the job found out what it was to find out. */
export function isVerdict(code: number): boolean {
  return code === ExitCode.ok || code === ExitCode.checkFailed;
}

/** Whether it may go otherwise next time: a wrong file stays wrong. */
export function mayGoOtherwise(code: number): boolean {
  const lasting: number[] = [ExitCode.usage, ExitCode.labFile, ExitCode.build, ExitCode.bug];
  return !isVerdict(code) && !lasting.includes(code);
}

/** The exit code of a batch: 125 where a job found out nothing, else 1 where one ended with 1. */
export function codeOfAll(codes: readonly number[]): number {
  if (!codes.every(isVerdict)) return ExitCode.unknown;
  return codes.every((code) => code === ExitCode.ok) ? ExitCode.ok : ExitCode.checkFailed;
}

import { CommanderError } from 'commander';
import { ExitCode, type LabError, LabFileError } from '../errors.ts';
import { meaningOf } from '../host/system-error.ts';
import { version } from '../host/version.ts';
import { errorText } from '../report/error-text.ts';
import { printJson, say, screenWidth } from '../report/output.ts';

/**
 * Prints an error on stderr, and with `json` also as a document on stdout.
 * @returns the exit code
 */
export function reportError(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return reportUsage(error, json);
  const known = meaningOf(error);
  if (!known) return reportBug(error, json);
  if (json) printJson(errorDocument(known));
  say(errorText(known, { width: screenWidth(process.stderr) }));
  return known.exitCode;
}

/** Commander has already written its message to stderr. */
function reportUsage({ exitCode, message }: CommanderError, json: boolean): number {
  if (exitCode === 0) return ExitCode.ok; // help or version was asked for
  if (json) printJson(document({ name: 'UsageError', message, exitCode: ExitCode.usage }));
  return ExitCode.usage;
}

function reportBug(error: unknown, json: boolean): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (json) printJson(document({ name: 'Bug', message, exitCode: ExitCode.bug }));
  say(
    `This is a bug in lvs-lab ${version()}: ${message}\nPlease report it, with the command line and this trace:\n${stack}`,
  );
  return ExitCode.bug;
}

function errorDocument(error: LabError) {
  const { name, message, exitCode, facts } = error;
  const problems = error instanceof LabFileError ? { file: error.file, problems: error.problems } : {};
  return document({ name, message, exitCode, ...facts, ...problems });
}

function document(error: Record<string, unknown>) {
  return { schema: 'lvs-lab/error/1', error };
}

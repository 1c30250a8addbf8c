import { CommanderError } from 'commander';
import { ExitCode, type LabError, LabFileError, UsageError } from '../errors.ts';
import { meaningOf } from '../host/system-error.ts';
import { version } from '../host/version.ts';
import { errorText } from '../report/error-text.ts';
import { printJson, say, screenWidth } from '../report/output.ts';

/**
 * Prints an error on stderr, and with `json` also as a document on stdout.
 * @param help the command to suggest after a mistake on the command line
 * @returns the exit code
 */
export function reportError(error: unknown, json: boolean, help = 'lab help'): number {
  if (error instanceof CommanderError) return reportUsage(error, json, help);
  const known = meaningOf(error);
  if (!known) return reportBug(error, json);
  if (json) printJson(errorDocument(known));
  say(errorText(known, { width: screenWidth(process.stderr) }));
  return known.exitCode;
}

function reportUsage({ exitCode, code, message }: CommanderError, json: boolean, help: string): number {
  if (exitCode === 0) return ExitCode.ok; // help or version was asked for
  if (code !== 'commander.help') return reportError(new UsageError(plainWords(message), { tryThis: help }), json);
  // A group without a command: its help is on stderr already.
  if (json) printJson(errorDocument(new UsageError('a command is missing', { tryThis: help })));
  return ExitCode.usage;
}

/** Rewords Commander's messages, which are in its lib/command.js. */
function plainWords(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^missing required argument '(.*)'$/, '$1 is missing')
    .replace(/^unknown option '(.*)'/, 'there is no option $1')
    .replace(/^option '(.*)' argument missing$/, '$1: the value is missing')
    .replace(/^too many arguments for '(.*)'\. .*$/, '$1: too many arguments')
    .replace(/\n\(Did (you mean .*\?)\)$/, '; did $1');
}

function reportBug(error: unknown, json: boolean): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (json) printJson(document({ name: 'Bug', message, exitCode: ExitCode.bug }));
  say(`This is a bug in lvs-lab ${version()}: ${message}\nThis trace shows where it happened:\n${stack}`);
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

import { ExitCode } from '../errors.ts';
import { endWork } from '../host/interrupt.ts';
import { say } from '../report/output.ts';
import { refuseMisplacedOptions } from './misplaced-options.ts';
import { helpCommand, program, requireCommand } from './program.ts';
import { reportError } from './report-error.ts';
import { handleSignals, isStopping, leave } from './signals.ts';

/** Runs one command, and leaves its exit code in process.exitCode. */
export async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json');
  handleOutputErrors();
  process.on('uncaughtException', (error) => {
    // After Ctrl-C several waits may fail of which only one is awaited. The command still has to put back what it changed.
    if (!isStopping()) process.exit(reportError(error, json));
  });
  handleSignals();
  const words = asOption(argv.slice(2));
  let help = 'lab help';
  try {
    const lab = await program(words.find((word) => !word.startsWith('-')));
    help = helpCommand(lab, words);
    refuseMisplacedOptions(lab, words);
    requireCommand(lab, words);
    await lab.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!isStopping()) process.exitCode = reportError(error, json, help);
  }
  if (isStopping()) leave();
}

/** `help rules show` is `rules show --help`. */
function asOption([first, ...rest]: string[]): string[] {
  if (first === undefined) return [];
  if (first !== 'help') return [first, ...rest];
  return rest[0] === 'help' ? ['--help'] : [...rest, '--help'];
}

function handleOutputErrors(): void {
  // When the reader of a pipe has gone (EPIPE), this command has not failed: its exit code stays.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' && endWork()) return;
    if (error.code !== 'EPIPE') {
      say(`the output could not be written: ${error.message}`);
      process.exitCode = ExitCode.missingPart;
    }
    process.exit();
  });
  // An error of stderr cannot be reported anywhere.
  process.stderr.on('error', () => {});
}

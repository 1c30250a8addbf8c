import { ExitCode, exitMeanings } from '../errors.ts';
import { columns } from '../report/columns.ts';

/** The exit codes, for the help. */
export function exitCodeText(): string {
  const rows = Object.entries(exitMeanings).map(([name, meaning]) => [
    String(ExitCode[name as keyof typeof ExitCode]).padStart(3),
    meaning,
  ]);
  return `\nExit codes:\n${columns(rows)}`;
}

import { type ComparedSchedulers, compareSchedulers } from '../comparison/schedulers.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { writeGiven } from '../host/written-file.ts';
import type { Scheduler } from '../model/words.ts';
import { schedulersRows, schedulersText } from '../report/compared-schedulers.ts';
import { csvText } from '../report/csv.ts';
import { printJson, printText, screenLook } from '../report/output.ts';
import type { Globals } from './globals.ts';

export interface CompareSchedulersOptions extends Omit<ComparedSchedulers, 'weights'> {
  /** Real servers of weight 1, if there are no weights. */
  servers: number;
  weights?: number[] | undefined;
  /** A file to write. */
  csv?: string | undefined;
}

/** lab compare --schedulers: how evenly schedulers spread a load, and whom a change of the real servers moves. */
export async function compareTheSchedulers(options: CompareSchedulersOptions, globals: Globals): Promise<number> {
  const { schedulers, flags, connections, vips, seed, csv } = options;
  requireFlagsOf(schedulers, flags);
  const weights = options.weights ?? Array<number>(options.servers).fill(1);
  const figures = compareSchedulers({ schedulers, flags, weights, connections, vips, seed });
  const compared = { weights, connections, vips, seed, figures };
  if (csv) await writeGiven(csv, csvText(schedulersRows(compared)), '--csv');
  if (globals.json) printJson({ schema: 'lvs-lab/compared-schedulers/1', ...compared });
  else printText(schedulersText(compared, screenLook()));
  return ExitCode.ok;
}

/** @throws UsageError for a flag of a scheduler that is not compared */
function requireFlagsOf(schedulers: readonly Scheduler[], flags: CompareSchedulersOptions['flags']): void {
  const other = flags.find((flag) => !schedulers.some((scheduler) => flag.startsWith(`${scheduler}-`)));
  if (!other) return;
  const [owner] = other.split('-');
  throw new UsageError(`${other} is a flag of ${owner}, which is not compared`, {
    tryThis: `${owner} among --schedulers`,
  });
}

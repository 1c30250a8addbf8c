import { print, printJson } from '../../scripts/report/output.ts';
import type { Wish } from './arguments.ts';
import type { Goals } from './goals.ts';
import { interrupted } from './interrupt.ts';
import { machine } from './machine.ts';
import { Readings } from './readings.ts';
import { resultsOf } from './results.ts';
import { rowsOf } from './rows.ts';
import type { Side } from './side.ts';
import { comparisonTable, figuresTable, type RatioStyle } from './table.ts';

/** What was compared, each in a line. */
export interface Compared {
  ours: string;
  theirs?: string;
}

/** Prints what was measured. Returns the exit code: 130 after Ctrl-C, 1 when something of ours failed. */
export function report(
  [ours, theirs]: readonly [Side, Side?],
  { rows, repeats, json }: Wish,
  { compared, goals = {}, style = 'part' }: { compared: Compared; goals?: Goals; style?: RatioStyle },
): number {
  const failed = new Set(ours.failures.map(({ visit }) => visit));
  const sides = { ours: ours.readings, theirs: theirs?.readings ?? new Readings(), failed };
  const results = resultsOf(rowsOf(rows), goals, sides);
  const failures = [ours, theirs].flatMap((side) => side?.failures.map(({ message }) => message) ?? []);
  if (json) {
    const readings = { ours: ours.readings, ...(theirs && { theirs: theirs.readings }) };
    const about = { machine: machine(), date: new Date().toISOString(), ...compared, repeats };
    printJson({ schema: 'lvs-lab/bench/2', ...about, rows: results, failures, readings });
  } else {
    const lines = [
      machine(),
      `${ours.name}: ${compared.ours}`,
      ...(theirs ? [`${theirs.name}: ${compared.theirs}`] : []),
    ];
    const until = interrupted.aborted ? 'interrupted: medians of what was measured' : `medians of ${repeats}`;
    const table = theirs ? comparisonTable(results, [ours.name, theirs.name], style) : figuresTable(results);
    print(['', ...lines, until, '', table, ...failures.map((message) => `✘ ${message}`)].join('\n'));
  }
  if (interrupted.aborted) return 130;
  return failed.size > 0 ? 1 : 0;
}

import { say } from '../../scripts/report/output.ts';
import type { Wish } from './arguments.ts';
import { interleaved } from './interleaved.ts';
import { interrupted } from './interrupt.ts';
import { rowsOf } from './rows.ts';
import type { Side } from './side.ts';
import { visit } from './visit.ts';

/** Measures on each side what the rows want, until all is measured or Ctrl-C. The sides keep readings and failures. */
export async function measure(sides: readonly Side[], { rows, repeats }: Pick<Wish, 'rows' | 'repeats'>) {
  const chosen = rowsOf(rows);
  const visits = [...new Set(chosen.flatMap((row) => row.visits))];
  const wanted = new Set(chosen.map(({ name }) => name));
  if (needsTemplates(rows)) for (const side of sides) await makeTemplates(side);
  try {
    for (const [at, name] of visits.entries()) {
      await interleaved(repeats, sides, async (side, round) => {
        say(`\n${at + 1} of ${visits.length}, ${name}: round ${round} of ${repeats}, ${side.name}`);
        await visit(name, side, wanted);
      });
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
}

/** Whether a row wants what it does not make itself. */
export function needsTemplates(rows: readonly string[]): boolean {
  return rowsOf(rows).some(({ visits }) => visits.some((name) => name !== 'nothing'));
}

/** Before the clock runs: what is made once. */
async function makeTemplates(side: Side): Promise<void> {
  say(`  ${side.name}: making image and template where they are missing`);
  try {
    await side.run('up', 'dr');
  } finally {
    await side.end();
  }
}

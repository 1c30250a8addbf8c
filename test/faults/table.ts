import type { Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { planOf } from '../render/golden.ts';

/** Which fault can be made where in the shipped labs, which checks name it, and what clients see: a line a fault. */
export async function faultTable(): Promise<string> {
  const labs = [...(await listLabFiles()).keys()];
  const tables = await Promise.all(labs.map(async (lab) => `# ${lab}\n${aligned(await rowsOf(lab))}`));
  return tables.join('\n');
}

/** Places of a fault that are shown by the same share a row. */
async function rowsOf(lab: string): Promise<string[][]> {
  const plan = await planOf(lab);
  return faults.flatMap(({ id, places }) => {
    const all = places(plan).map((place) => ({ name: place.name, shown: `${place.symptom.kind}\n${checksOf(place)}` }));
    return [...new Set(all.map(({ shown }) => shown))].map((shown) => {
      const names = all.filter((one) => one.shown === shown).map(({ name }) => name);
      return [id, ...shown.split('\n'), names.join(', ')];
    });
  });
}

/** The check that must name it, those that fail beside it, and in brackets those that may. */
function checksOf({ check, also = [], race = [], harmless }: Place): string {
  const sure = [...(check ? [check.id] : []), ...also].join(' ') || (harmless ? 'harmless' : '–');
  return race.length > 0 ? `${sure} (${race.join(' ')})` : sure;
}

function aligned(rows: readonly string[][]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faults } from '../../scripts/faults/index.ts';
import { projectRoot } from '../../scripts/host/paths.ts';

/** What a diagnosis named first, by lab and by the fault that was made: an id, or '' where nothing was named. */
export type Diagnoses = Record<string, Record<string, string>>;

const file = join(projectRoot, 'test/recorded/diagnoses.json');

export async function recordedDiagnoses(): Promise<Diagnoses> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Adds what was seen in a lab to the record, in the order of labs and faults. */
export async function recordDiagnoses(lab: string, seen: Record<string, string>): Promise<void> {
  const all = await recordedDiagnoses();
  all[lab] = { ...all[lab], ...seen };
  const sorted = Object.entries(all)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, own]) => [name, inShelfOrder(own)]);
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

/** Faults that the shelf has no more are left out. */
function inShelfOrder(own: Record<string, string>): Record<string, string> {
  return Object.fromEntries(faults.flatMap(({ id }) => (own[id] === undefined ? [] : [[id, own[id]]])));
}

/** The confusion matrix as a table of Markdown: a row for each fault that was made, a column for each lab. */
export function matrixTable(all: Diagnoses): string {
  const labs = Object.keys(all);
  const made = faults.filter(({ id }) => labs.some((lab) => all[lab]?.[id] !== undefined));
  const rows = made.map(({ id }) => [`[${id}](#${id})`, ...labs.map((lab) => cellOf(id, all[lab]?.[id]))]);
  const lines = [['fault', ...labs], ['---', ...labs.map(() => '---')], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellOf(id: string, named: string | undefined): string {
  if (named === undefined) return '';
  if (named === id) return '●';
  return named || 'nothing';
}

/** How many of the faults that were made were named first: `87 of 90`. */
export function matrixSum(all: Diagnoses): string {
  const cells = Object.values(all).flatMap((own) => Object.entries(own));
  return `${cells.filter(([id, named]) => id === named).length} of ${cells.length}`;
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LabFileError } from '../../../scripts/errors.ts';
import { readIncluded } from '../../../scripts/host/included-files.ts';
import { ChoiceError } from '../../../scripts/import/choose.ts';
import { convert } from '../../../scripts/import/import.ts';
import type { LabText } from '../../../scripts/import/to-lab-file.ts';
import { type Comparison, compare } from './compare.ts';
import { expectedOf, kindOf } from './expected.ts';

// npm run test:statements -- [--quiet] FILE|FOLDER…: imports configurations of other people, which are not in this repository,
// and compares the lab with a reading of its own, statement by statement.

interface Row {
  kind: string;
  /** Why there is no lab; undefined if there is one. */
  refused?: string;
  found?: Comparison;
}

const rows: Row[] = [];
const [quiet, ...paths] = process.argv[2] === '--quiet' ? process.argv.slice(2) : ['', ...process.argv.slice(2)];
for (const path of await filesIn(paths)) {
  const row = await compared(path);
  rows.push(row);
  if (!quiet || row.refused?.startsWith('although') || row.found?.lost.length || row.found?.wrong.length)
    tell(path, row);
}
process.stdout.write(`\n${table(rows)}\n`);
process.exitCode = rows.some(({ found }) => found && found.lost.length + found.wrong.length > 0) ? 1 : 0;

async function filesIn(given: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    given.map(async (one) => {
      if (!(await stat(one)).isDirectory()) return [one];
      const entries = await readdir(one, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    }),
  );
  return lists.flat();
}

async function compared(path: string): Promise<Row> {
  const text = await readFile(path, 'utf8');
  const kind = kindOf(text);
  const configId = /^[ \t]*@\^?([^\s^]+)/m.exec(text)?.[1];
  const source = { name: path, text };
  const included = await readIncluded([source]);
  const run = (services?: string[]) => convert([source], basename(path), { configId, services, included });
  try {
    const made = chosen(run);
    const own = { ...made, left: made.left.filter(({ file }) => file === path) };
    return { kind, found: compare(expectedOf(kind, text, configId), own) };
  } catch (error) {
    if (!(error instanceof LabFileError) || error.file !== path) throw new Error(path, { cause: error });
    const services = expectedOf(kind, text, configId).wishes.filter((one) => one.what === 'service').length;
    return {
      kind,
      refused: `${services > 0 ? 'although it has services: ' : ''}${error.problems.map(({ line, what }) => `${line}: ${what}`)[0] ?? ''}`,
    };
  }
}

/** The lab of all services, or of as many of the first ones as it has room for. */
function chosen(run: (services?: string[]) => LabText, names?: string[]): LabText {
  try {
    return run(names);
  } catch (error) {
    if (!(error instanceof ChoiceError) || names?.length === 1) throw error;
    const most = names ? Math.ceil(names.length / 2) : 32;
    const titles = error.services.map((one) => one.replace(/, \d+ real servers?$/, ''));
    return chosen(run, [...new Set(names ?? titles)].slice(0, most));
  }
}

function tell(path: string, { refused, found }: Row): void {
  const what = found
    ? `${found.statements} statements, ${found.inLab} in the lab, ${found.listed} listed, ${found.lost.length} lost, ${found.wrong.length} false`
    : `no lab: ${refused}`;
  const lines = [
    ...(found?.lost.map((one) => `lost: ${one}`) ?? []),
    ...(found?.wrong.map((one) => `false: ${one}`) ?? []),
  ];
  process.stdout.write(`${[`${path}: ${what}`, ...lines.map((one) => `  ${one}`)].join('\n')}\n`);
}

/** Counts by kind of configuration, in Markdown. */
function table(all: readonly Row[]): string {
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort();
  const lines = kinds.map((kind) => {
    const of = all.filter((one) => one.kind === kind);
    const labs = of.flatMap(({ found }) => found ?? []);
    const sum = (count: (one: Comparison) => number) => labs.reduce((total, one) => total + count(one), 0);
    return [
      kind,
      of.length,
      of.length - labs.length,
      labs.length,
      sum((one) => one.statements),
      sum((one) => one.inLab),
      sum((one) => one.listed),
      sum((one) => one.lost.length),
      sum((one) => one.wrong.length),
    ];
  });
  return [
    [
      'configuration',
      'files',
      'no lab, and why',
      'labs, accepted',
      'statements',
      'in the lab',
      'listed',
      'lost',
      'false',
    ],
    Array(9).fill('---'),
    ...lines,
  ]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Fault, Place } from '../scripts/faults/fault.ts';
import { faults } from '../scripts/faults/index.ts';
import { placeOf } from '../scripts/host/paths.ts';
import type { Plan } from '../scripts/plan/plan.ts';
import { columns } from '../scripts/report/columns.ts';
import { print, say } from '../scripts/report/output.ts';
import { failedChecks, fewRequests, LabCommand } from './e2e/lab.ts';
import { symptomFits } from './e2e/symptom-seen.ts';
import { planOf } from './render/golden.ts';

// npm run test:faults -- LAB [FAULT…]: makes each fault of a lab, looks whether clients see what they should, and undoes it.
// `lab break` succeeds only if the fault's witness has seen it, `lab mend` only if the witness no longer does.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Begins with this fault, after a run that was interrupted. */
    from: { type: 'string' },
    /** At every place, and not only at the first. */
    places: { type: 'boolean', default: false },
    /** Ends after so many seconds, so that others get the computer. */
    seconds: { type: 'string' },
  },
});
const [name = 'dr', ...wanted] = positionals;

interface Row {
  fault: string;
  place: string;
  /** Seconds of `lab break`, `lab diagnose` and `lab mend`. */
  seconds: number[];
  /** The fault and the node that a diagnosis names first. */
  named: string;
  /** Whether that is right. */
  found: boolean;
  /** Empty where all is as it should be. */
  wrong: string[];
  failed: string[];
}

const plan = await planOf(name);
const lab = await LabCommand.inFreshFolder();
const rows: Row[] = [];
const start = performance.now();
const limit = Number(values.seconds ?? Number.POSITIVE_INFINITY);
let next: string | undefined;
try {
  const up = await lab.run('up', name);
  if (up.code !== 0) throw new Error(up.stderr);
  for (const { fault, place } of chosen(plan)) {
    if ((performance.now() - start) / 1000 > limit) {
      next = fault.id;
      break;
    }
    const row = await round(fault, place);
    rows.push(row);
    say(columns([textOf(row)]));
  }
} finally {
  await lab.end();
}
const bad = rows.filter(({ wrong }) => wrong.length > 0);
print(
  columns([['fault', 'place', 'break, diagnose, mend in s', 'named', 'failed checks', ''], ...rows.map(textOf)], {
    width: 160,
  }),
);
print(`${rows.length} faults made in lab ${name}, ${bad.length} not as they should be`);
print(`${rows.filter(({ found }) => found).length} of ${rows.length} named by lab diagnose`);
if (next) print(`go on with --from ${next}`);
process.exitCode = bad.length > 0 ? 1 : 0;

function chosen(plan: Plan): { fault: Fault; place: Place }[] {
  const first = values.from === undefined ? 0 : faults.findIndex(({ id }) => id === values.from);
  return faults
    .slice(first)
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .flatMap((fault) => {
      const all = fault.places(plan);
      return (values.places ? all : all.slice(0, 1)).map((place) => ({ fault, place }));
    });
}

async function round({ id }: Fault, place: Place): Promise<Row> {
  const row: Row = { fault: id, place: place.name, seconds: [], wrong: [], failed: [], named: '', found: false };
  const broken = await timed(row, () => lab.run('break', name, id, ...place.name.split(' ')));
  if (broken.code === 0) {
    const diagnosed = await timed(row, () => diagnosedWithoutNote());
    const document = parsed(diagnosed.stdout);
    row.failed = document ? failedChecks(document) : [];
    if (!document || !symptomFits(plan, place.symptom, document.answers))
      row.wrong.push(`symptom ${place.symptom.kind}: ${document ? answersText(document.answers) : diagnosed.stderr}`);
    row.named = document ? namedIn(document) : '';
    row.found = place.nodes.some((node) => row.named === `${id} ${node}`);
    if (place.harmless && row.failed.length > 0) row.wrong.push('harmless, and checks fail');
  } else row.wrong.push(`break: ${oneLine(broken.stderr)}`);
  const mended = await timed(row, () => lab.run('mend', name));
  if (mended.code !== 0) {
    row.wrong.push(`mend: ${oneLine(mended.stdout + mended.stderr)}`);
    await lab.run('reset', name);
  }
  return row;
}

/** A diagnosis may know nothing of what `lab break` notes for `lab mend`. */
async function diagnosedWithoutNote() {
  const note = join(placeOf(name, lab.folder).folder, 'broken.json');
  await rename(note, `${note}.aside`);
  try {
    return await lab.run('diagnose', name, '--requests', fewRequests, '--json');
  } finally {
    await rename(`${note}.aside`, note);
  }
}

/** What comes first: a cause, or else a note. */
function namedIn({ causes, notes }: Diagnosed): string {
  const [first] = [...causes, ...notes];
  return first ? `${first.id} ${first.node}` : 'nothing';
}

async function timed<T>({ seconds }: Row, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    seconds.push(Math.round((performance.now() - begin) / 100) / 10);
  }
}

type Named = { id: string; node: string };
type Diagnosed = Parameters<typeof failedChecks>[0] & { causes: Named[]; notes: Named[] };

function parsed(text: string): Diagnosed | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answersText(answers: readonly { server: string | null }[]): string {
  return answers.map(({ server }) => server ?? '–').join(' ');
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function textOf({ fault, place, seconds, named, found, failed, wrong }: Row): string[] {
  return [
    fault,
    place,
    seconds.join(' '),
    found ? 'named' : named,
    failed.join(' '),
    wrong.length > 0 ? wrong.join('; ') : 'ok',
  ];
}

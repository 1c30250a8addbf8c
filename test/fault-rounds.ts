import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Symptom } from '../scripts/faults/symptom.ts';
import { placeOf } from '../scripts/host/paths.ts';
import { columns } from '../scripts/report/columns.ts';
import { print, say } from '../scripts/report/output.ts';
import { failedChecks, fewRequests, LabCommand } from './e2e/lab.ts';
import { symptomFits } from './e2e/symptom-seen.ts';
import { planOf } from './render/golden.ts';
import { recordDiagnoses } from './runner/diagnoses.ts';
import { chosenFor, roundsWish, timed } from './runner/rounds.ts';

// npm run test:faults -- LAB [FAULT…]: makes each fault of a lab, looks whether clients see what they should and what a diagnosis
// says, and undoes it. `lab break` succeeds only if the fault's witness has seen it, `lab mend` only if the witness no longer does.
// With --pairs N it makes two at a time, N times, chosen by --seed and the numbers after it. --record keeps what was seen for
// docs/faults.md.

/** One round: faults that are made together, and what came of it. */
interface Row {
  faults: Made[];
  /** Seconds of `lab break`, `lab diagnose` and `lab mend`. */
  seconds: number[];
  /** The time of a diagnosis, as a multiple of the verify that is part of it. */
  ratio: number;
  /** What a diagnosis names: causes, then notes. */
  named: Named[];
  /** Whether it names every fault: a single one first. */
  found: boolean;
  /** Empty where all is as it should be. */
  wrong: string[];
  failed: string[];
}

/** A fault that was made. */
interface Made {
  id: string;
  place: string;
  nodes: readonly string[];
}

type Named = { id: string; node: string };
type Diagnosed = Parameters<typeof failedChecks>[0] & {
  causes: Named[];
  notes: Named[];
  seconds: { total: number; verify: number };
};

const wish = roundsWish();
const name = wish.lab;
const plan = await planOf(name);
const lab = await LabCommand.inFreshFolder();
const rows: Row[] = [];
const start = performance.now();
let next = '';
try {
  const up = await lab.run('up', name);
  if (up.code !== 0) throw new Error(up.stderr);
  for (const { id, run } of rounds()) {
    if ((performance.now() - start) / 1000 > wish.seconds) {
      next = id;
      break;
    }
    const row = await run();
    rows.push(row);
    say(columns([cells(row)], { width: 200 }));
    // At once, because such runs are often interrupted.
    if (wish.record && wish.pairs === 0) await recordDiagnoses(name, Object.fromEntries([recorded(row)]));
  }
} finally {
  await lab.end();
}
const bad = rows.filter(({ wrong }) => wrong.length > 0);
const head = ['faults', 'places', 'break, diagnose, mend in s', 'named', 'failed checks', ''];
print(columns([head, ...rows.map(cells)], { width: 160 }));
print(`${rows.length} rounds in lab ${name}, ${bad.length} not as they should be`);
print(`${rows.filter(({ found }) => found).length} of ${rows.length} named by lab diagnose`);
print(`a diagnosis takes ${median(rows.map(({ ratio }) => ratio)).toFixed(1)} times as long as its verify`);
if (next) print(`go on with ${next}`);
process.exitCode = bad.length > 0 ? 1 : 0;

function rounds(): { id: string; run: () => Promise<Row> }[] {
  if (wish.pairs > 0) {
    return Array.from({ length: wish.pairs }, (_, at) => {
      const seed = String(wish.seed + at);
      return { id: `--seed ${seed}`, run: () => pair(seed) };
    });
  }
  return chosenFor(plan, wish).map(({ fault: { id }, place }) => ({
    id: `--from ${id}`,
    run: async () => {
      const row = emptyRow([{ id, place: place.name, nodes: place.nodes }]);
      const broken = await timed(row, () => lab.run('break', name, id, ...place.name.split(' ')));
      if (broken.code === 0) await diagnose(row, place.symptom, place.harmless);
      else row.wrong.push(`break: ${oneLine(broken.stderr)}`);
      await mend(row);
      return row;
    },
  }));
}

/** A fault whose node was named wrongly was not named. */
function recorded({ faults: [fault], named: [first], found }: Row): [id: string, named: string] {
  const other = first && first.id === fault?.id ? `${first.id} at ${first.node}` : (first?.id ?? '');
  return [fault?.id ?? '', found ? (fault?.id ?? '') : other];
}

async function pair(seed: string): Promise<Row> {
  const row = emptyRow([]);
  const broken = await timed(row, () => lab.run('break', name, '--random', '--faults', '2', '--seed', seed));
  if (broken.code === 0) await diagnose(row);
  else row.wrong.push(`break: ${oneLine(broken.stderr)}`);
  const revealed = (await mend(row)) ?? [];
  row.faults.push(...revealed);
  row.found = row.faults.length > 0 && row.faults.every((fault) => row.named.some((one) => isOf(fault, one)));
  return row;
}

function emptyRow(made: Made[]): Row {
  return { faults: made, seconds: [], ratio: 0, named: [], found: false, wrong: [], failed: [] };
}

function isOf({ id, nodes }: Made, named: Named | undefined): boolean {
  return named?.id === id && nodes.includes(named.node);
}

async function diagnose(row: Row, symptom?: Symptom, harmless = false): Promise<void> {
  const { stdout, stderr } = await timed(row, () => diagnosedWithoutNote());
  const document = parsedAs<Diagnosed>(stdout);
  if (!document) {
    row.wrong.push(`diagnose: ${oneLine(stderr)}`);
    return;
  }
  row.ratio = document.seconds.total / document.seconds.verify;
  row.failed = failedChecks(document);
  row.named = [...document.causes, ...document.notes];
  const [only] = row.faults;
  if (only) row.found = isOf(only, row.named[0]);
  if (symptom && !symptomFits(plan, symptom, document.answers)) {
    row.wrong.push(`symptom ${symptom.kind}: ${answersText(document.answers)}`);
  }
  if (harmless && row.failed.length > 0) row.wrong.push('harmless, and checks fail');
}

/** @returns the faults that were made */
async function mend(row: Row): Promise<Made[] | undefined> {
  const { code, stdout, stderr } = await timed(row, () => lab.run('mend', name, '--reveal', '--json'));
  if (code === 0) return parsedAs<{ faults: Made[] }>(stdout)?.faults;
  row.wrong.push(`mend: ${oneLine(stdout + stderr)}`);
  await lab.run('reset', name);
  return parsedAs<{ faults: Made[] }>(stdout)?.faults;
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

function parsedAs<T>(text: string): T | undefined {
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

function median(numbers: readonly number[]): number {
  const sorted = numbers.filter((one) => one > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function cells({ faults, seconds, ratio, named, found, failed, wrong }: Row): string[] {
  const others = named.slice(0, faults.length > 1 ? 4 : 1).map(({ id, node }) => `${id} ${node}`);
  return [
    faults.map(({ id }) => id).join(' + '),
    faults.map(({ place }) => place).join(' + '),
    `${seconds.join(' ')} (${ratio.toFixed(1)})`,
    found ? 'named' : others.join(', ') || 'nothing',
    failed.join(' '),
    wrong.length > 0 ? wrong.join('; ') : 'ok',
  ];
}

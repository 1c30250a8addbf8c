import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunResult, run } from '../scripts/host/exec.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { columns } from '../scripts/report/columns.ts';
import { print } from '../scripts/report/output.ts';
import { compareWithVagrant } from './bench-compare.ts';
import type { RunDocument } from './e2e/lab.ts';
import { type FirstOutput, firstOutputRows, firstOutputs } from './first-output.ts';

// npm run bench: how long things take on this machine, each figure the whole process as a person waits for it.
// --cold measures from nothing as well: image and template in an empty cache folder. --compare vagrant measures the same
// labs with both providers instead. --labs web,dr measures these alone, --first-output how soon commands without machines print.
if (process.argv.join(' ').includes('--compare vagrant')) {
  await compareWithVagrant();
  process.exit();
}
if (process.argv.includes('--first-output')) {
  print(columns(firstOutputRows(await firstOutputs())));
  process.exit();
}
const repeats = 3;
const folder = await realpath(await mkdtemp(join(tmpdir(), 'lab-bench-')));

interface Figure {
  what: string;
  unit: 's' | 'MiB' | 'ms';
  values: number[];
  target?: number;
}

const figures: Figure[] = [];
const first: FirstOutput[] = [];
const growth: string[][] = [
  ['real servers', 'machines', 'up and verified', 'machines', 'scripts', 'checks', 'private memory', 'a machine'],
];

if (process.argv.includes('--cold')) {
  const cache = await realpath(await mkdtemp(join(tmpdir(), 'lab-bench-cache-')));
  const cold = await timed(() => lab('run', 'dr', { XDG_CACHE_HOME: cache }));
  await lab('down', 'dr', { XDG_CACHE_HOME: cache });
  figures.push({ what: 'lab run dr, from nothing (packages installed)', unit: 's', values: [cold], target: 150 });
}
await lab('run', 'dr');
await lab('down', 'dr');

/** Seconds that a lab may take. */
const targets: Record<string, number> = { dr: 8, web: 60 };
const chosen = process.argv[process.argv.indexOf('--labs') + 1]?.split(',') ?? [];
const only = process.argv.includes('--labs') ? chosen : undefined;
for (const name of only ?? ['dr', 'nat', 'tun', 'web']) {
  const target = targets[name];
  const values: number[] = [];
  const shares: RunDocument['seconds'][] = [];
  for (let round = 0; round < repeats; round++) {
    values.push(await timed(async () => shares.push((await document('run', name)).seconds)));
    if (name === 'dr' && round === repeats - 1) await whileDrRuns();
    await lab('down', name);
  }
  figures.push({ what: `lab run ${name}`, unit: 's', values, ...(target && { target }) });
  if (name === 'dr') {
    for (const [key, word] of [
      ['up', 'machines'],
      ['provision', 'scripts'],
      ['verify', 'checks'],
    ] as const) {
      figures.push({ what: `  of that, ${word}`, unit: 's', values: shares.map((seconds) => seconds[key] ?? 0) });
    }
  }
}

for (const count of only ? [] : [2, 4, 8, 16, 32]) {
  const seconds = await timed(async () => {
    const { seconds: parts, ok } = await document('run', 'dr', '--real-servers', String(count));
    const memory = await memories();
    const total = memory.reduce((sum, one) => sum + one, 0);
    growth.push(
      [
        count,
        count + 2,
        `${parts.total.toFixed(1)} s${ok ? '' : ' FAILED'}`,
        parts.up,
        parts.provision,
        parts.verify,
        total,
        Math.round(total / memory.length),
      ].map(String),
    );
    if (count === 16)
      figures.push({ what: '16 real servers up and verified', unit: 's', values: [parts.total], target: 40 });
  });
  print(`  ${count} real servers: ${seconds.toFixed(1)} s`);
  await lab('down', 'dr');
}

first.push(...(await firstOutputs()));

const machine = `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const rows = figures.map(({ what, unit, values, target }) => {
  const middle = median(values);
  const text = unit === 's' ? middle.toFixed(1) : String(Math.round(middle));
  const verdict = target === undefined ? '' : middle <= target ? `≤ ${target} ✓` : `> ${target} ✗`;
  return [
    what,
    `${text} ${unit}`,
    verdict,
    values.length > 1
      ? `${values.length} runs: ${values.map((one) => one.toFixed(unit === 's' ? 1 : 0)).join(' ')}`
      : '',
  ];
});
print(`\n${machine}\n`);
print(columns(rows));
print(`\n${columns(growth)}`);
print(`\n${columns(firstOutputRows(first))}`);
await writeFile(
  join(projectRoot, 'bench.json'),
  `${JSON.stringify({ schema: 'lvs-lab/bench/1', machine, figures, growth, firstOutput: first }, null, 2)}\n`,
);

async function whileDrRuns(): Promise<void> {
  first.push(...(await firstOutputs(folder)));
  figures.push({ what: 'lab run dr, again', unit: 's', values: await several(() => timed(() => lab('run', 'dr'))) });
  figures.push({ what: 'lab verify dr', unit: 's', values: await several(() => timed(() => lab('verify', 'dr'))) });
  figures.push({
    what: 'lab reset dr rs1',
    unit: 's',
    values: await several(() => timed(() => lab('reset', 'dr', 'rs1'))),
    target: 2.5,
  });
  figures.push({
    what: 'private memory of a machine, the largest',
    unit: 'MiB',
    values: [Math.max(...(await memories()))],
    target: 130,
  });
}

function lab(...args: (string | Record<string, string>)[]): Promise<RunResult> {
  const words = args.filter((one): one is string => typeof one === 'string');
  const env = args.find((one): one is Record<string, string> => typeof one === 'object') ?? {};
  return run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...words], { cwd: folder, env, timeoutMs: 900_000 });
}

async function document(...args: string[]): Promise<RunDocument> {
  return JSON.parse((await lab(...args, '--json')).stdout) as RunDocument;
}

/** Private memory of the lab's machines, in MiB. */
async function memories(): Promise<number[]> {
  const { labs } = JSON.parse((await lab('status', 'dr', '--json')).stdout) as {
    labs: { nodes: { privateMemory?: number }[] }[];
  };
  return labs[0]?.nodes.map(({ privateMemory = 0 }) => privateMemory) ?? [];
}

/** Seconds that something takes. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function several(measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < repeats; round++) values.push(await measure());
  return values;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

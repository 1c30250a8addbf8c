import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needsOf, widthOf } from '../../scripts/batch/needs.ts';
import { countOf } from '../../scripts/count-of.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { queueSeconds } from './simulated-queue.ts';

/** One computer of those in the tables. */
const host = { memory: 64 * 1024, cores: 16 };
const hostCounts = [1, 4, 32];

const students = 300;
const [kernels, bugs, repeats] = [60, 10, 100];

/** What was measured, in docs/benchmarks.md and by a batch. */
interface Measured {
  /** MiB of a machine that it does not share. */
  machine: number;
  /** Seconds of `lab run dr`. */
  lab: number;
  /** Seconds of the bugs of the kit, each once. */
  bugs: number[];
}

/** The generated part of docs/scale.md. */
export async function scaleFigures(): Promise<string> {
  const measured = await readMeasured();
  const plan = makePlan(parseLab(await read('labs/dr.yaml'), { name: 'dr', file: 'dr.yaml' }).lab);
  const needs = needsOf(plan, 1);
  const slots = widthOf(needs, host);
  return [
    head(measured, needs, slots),
    '## A class of 300\n',
    classText(measured, plan.nodes.length, slots),
    `## ${kernels} kernels × ${bugs} bugs × ${repeats} repeats\n`,
    matrixText(measured, slots),
  ].join('\n');
}

const read = (file: string) => readFile(join(projectRoot, file), 'utf8');

async function readMeasured(): Promise<Measured> {
  const benchmarks = await read('docs/benchmarks.md');
  const number = (pattern: RegExp) => {
    const found = Number(pattern.exec(benchmarks)?.[1]);
    if (found > 0) return found;
    throw new Error(`docs/benchmarks.md has nothing for ${pattern}`);
  };
  const batch: { jobs: { verb: string; seconds: number }[] } = JSON.parse(await read('test/recorded/batch.json'));
  return {
    machine: number(/^Each machine takes (\d+) MiB/m),
    lab: number(/^\| `lab run dr` \| (\d+) s \|/m),
    bugs: batch.jobs.filter(({ verb }) => verb === 'bug').map(({ seconds }) => seconds),
  };
}

function head({ machine, lab, bugs: seconds }: Measured, needs: { memory: number }, slots: number): string {
  const middle = seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
  return `Computed from what was measured without KVM, which is the slowest case: a lab of four machines comes up and is verified in ${lab} s
on two cores ([benchmarks.md](benchmarks.md)), a machine has ${machine} MiB of its own, and a look for a bug takes ${Math.round(middle)} s, the mean
of ${countOf(seconds.length, 'bug')} of the kit. A host has ${host.cores} cores and ${host.memory / 1024} GiB. It does ${slots} jobs at
once: each is given two cores, and the ${needs.memory} MiB that its machines can use at most. The queue is simulated, job by job. What each host
does once is not in the times: it makes the image in two minutes, and a template for each kernel.
`;
}

/** All labs run at the same time; they come up one after the other as far as cores are free. */
function classText({ machine, lab }: Measured, machines: number, slots: number): string {
  const each = machines * machine;
  const rows = hostCounts.map((hosts) => {
    const most = Math.ceil(students / hosts);
    const fits = Math.floor(host.memory / each);
    const seconds = queueSeconds(Array(Math.min(most, fits)).fill(lab), slots);
    return most > fits
      ? [`${hosts}`, `${most}`, gib(most * each), `no: it has room for ${fits}`, timeText(seconds)]
      : [`${hosts}`, `${most}`, gib(most * each), 'yes', timeText(seconds)];
  });
  return `Each student has a lab of ${machines} machines, and all labs run at the same time: ${gib(students * each)} in all.

${table(['hosts', 'labs on each', 'memory of these', 'fits', 'until the last one is up'], rows)}
`;
}

/** The kit's bugs take turns, as they do in the order of a batch. */
function matrixText({ bugs: seconds }: Measured, slots: number): string {
  const count = kernels * bugs * repeats;
  const durations = Array.from({ length: count }, (_, at) => seconds[at % seconds.length] ?? 0);
  const rows = hostCounts.map((hosts) => {
    const time = queueSeconds(durations, hosts * slots);
    return [`${hosts}`, `${hosts * slots}`, timeText(time)];
  });
  return `These are ${count} jobs. Their results take ${gib((count * resultKib) / 1024)} of disk.

${table(['hosts', 'jobs at once', 'time'], rows)}
`;
}

/** KiB on a disk for a job: result.json and the lock are a few blocks. */
const resultKib = 16;

const gib = (mib: number) => `${(mib / 1024).toFixed(mib < 10_240 ? 1 : 0)} GiB`;

/** Two digits of what people plan by: `75 s`, `12 min`, `3.4 h`, `5.2 days`. */
function timeText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}

function table(names: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(names), `|${names.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

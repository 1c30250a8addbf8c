import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../scripts/host/files.ts';
import { say } from '../../scripts/report/output.ts';
import type { RunDocument } from '../e2e/lab.ts';
import { isCrowd } from './rows.ts';
import { Failed, type Side } from './side.ts';

/** Brings a lab up on one side, measures what the rows want, and takes it down. A failure is noted. */
export async function visit(name: string, side: Side, wanted: ReadonlySet<string>): Promise<void> {
  try {
    if (name === 'nothing') await fromNothing(side);
    else if (isCrowd(name)) await bringUp(name, side, 'dr', '--real-servers', name);
    else {
      await bringUp(name, side, name);
      for (const [row, step] of Object.entries(steps[name] ?? {})) if (wanted.has(row)) await step(side);
    }
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    side.failures.push({ visit: name, message: error.message });
    say(`    ${error.message}`);
  } finally {
    await side.end();
  }
}

/** What is measured on a lab that is up, by the row that wants it, in this order. */
const steps: Record<string, Record<string, (side: Side) => Promise<unknown>>> = {
  dr: {
    again: (side) => side.measured('again dr', 'run', 'dr'),
    verify: (side) => side.measured('verify dr', 'verify', 'dr'),
    reset: (side) => side.measured('reset dr', 'reset', 'dr', 'rs1'),
    'load-dr': (side) => load(side, 'dr'),
    down: (side) => side.measured('down dr', 'down', 'dr'),
  },
  web: { 'load-web': (side) => load(side, 'web') },
};

async function bringUp(name: string, side: Side, lab: string, ...options: string[]): Promise<void> {
  const { seconds } = await side.measured<RunDocument>(`run ${name}`, 'run', lab, ...options);
  for (const [stage, value] of Object.entries({
    machines: seconds.up,
    scripts: seconds.provision,
    checks: seconds.verify,
  })) {
    if (value !== undefined) side.readings.add(`${stage} ${name}`, { value });
  }
  const memory = await privateMemory(side, lab);
  if (memory.length === 0) return;
  side.readings.add(`largest memory ${name}`, { value: Math.max(...memory) });
  side.readings.add(`all memory ${name}`, { value: memory.reduce((sum, one) => sum + one, 0) });
}

/** Private memory of each machine in MiB; nothing where another program owns the machines. */
async function privateMemory(side: Side, lab: string): Promise<number[]> {
  const { labs } = await side.run<{ labs: { nodes: { privateMemory?: number }[] }[] }>('status', lab);
  return labs.flatMap(({ nodes }) => nodes.flatMap(({ privateMemory = [] }) => privateMemory));
}

/** A saved lab must work when it is back. */
async function load(side: Side, lab: string): Promise<void> {
  if (!(await side.has('load'))) return;
  const label = 'bench';
  await side.run('save', lab, label);
  try {
    await side.run('down', lab);
    await side.measured(`load ${lab}`, 'load', lab, label);
    await side.run('verify', lab);
  } finally {
    await side.always('forget', lab, label);
  }
}

/** Image, template and lab in an empty cache. Debian's packages on this computer are there. */
async function fromNothing(side: Side): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'lab-bench-nothing-'));
  const fresh = side.with({ XDG_CACHE_HOME: cache });
  try {
    await fresh.measured('run nothing', 'run', 'nat');
  } finally {
    await fresh.end();
    await removeTree(cache);
  }
}

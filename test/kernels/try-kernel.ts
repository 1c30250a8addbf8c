import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKernelVersion } from '../../scripts/ipvs/kernel.ts';
import { asPredicted, failedWords, LabCommand, type RunDocument } from '../e2e/lab.ts';
import { benchLab, meet } from '../e2e/meet-schedulers.ts';
import { lots, predictable, type Scenario } from '../e2e/scheduler-scenarios.ts';
import type { Cell, Row } from './row.ts';
import { runSelftest, type Selftest } from './selftest.ts';

/** Runs everything on machines with one kernel. */
export async function tryKernel(kernel: string, selftest: Selftest): Promise<Row> {
  const lab = await LabCommand.inFreshFolder();
  try {
    const file = join(lab.folder, 'bench.yaml');
    await writeFile(file, benchLab);
    const up = await lab.json<{ error?: Refusal }>('up', file, '--kernel', kernel);
    if (up.document.error) return { kernel, name: null, missing: reasonOf(up.document.error), cells: {} };
    const name = (await lab.on('bench', 'director', 'uname -r')).trim();
    const row: Row = { kernel, name, missing: '', cells: {} };
    row.cells.schedulers = await schedulers(lab);
    row.cells['ipvs.sh'] = await runSelftest(lab, 'bench', 'client', selftest);
    await lab.run('down', 'bench');
    for (const mode of ['nat', 'dr', 'tun'] as const) row.cells[mode] = await checked(lab, mode, kernel);
    return row;
  } finally {
    await lab.end();
  }
}

interface Refusal {
  message: string;
  cause?: string;
}

/** The message, and the cause without where else the kit looked. */
function reasonOf({ message, cause = '' }: Refusal): string {
  return [message, cause.split(';')[0]].filter(Boolean).join(': ');
}

async function schedulers(lab: LabCommand): Promise<Cell> {
  const version = parseKernelVersion(await lab.on('bench', 'director', 'cat /proc/version'));
  const all = [...predictable, ...lots];
  const lacking = await lackingOf(lab, all);
  const scenarios = all.filter(({ scheduler }) => !lacking.includes(scheduler));
  const met = await meet(lab, 'bench', scenarios, version);
  const wrong = met.filter(({ ok }) => !ok);
  const without = lacking.length > 0 ? `; no ${lacking.join(', ')}` : '';
  return {
    ok: wrong.length === 0,
    text: `${met.length - wrong.length} of ${met.length}${without}`,
    failed: wrong.map(
      ({ title, predicted, observed }) => `${title}: ${predicted ?? 'lots'} predicted, ${observed} seen`,
    ),
  };
}

/** Schedulers that this kernel has no module of. */
async function lackingOf(lab: LabCommand, scenarios: readonly Scenario[]): Promise<string[]> {
  const wanted = [...new Set(scenarios.map(({ scheduler }) => scheduler))];
  const ask = wanted.map((one) => `modprobe --dry-run --quiet ip_vs_${one} || echo ${one}`).join('\n');
  return (await lab.on('bench', 'director', ask)).split('\n').filter(Boolean);
}

/** Every check of a lab, and every answer by the server that was predicted. */
async function checked(lab: LabCommand, mode: string, kernel: string): Promise<Cell> {
  const { document } = await lab.json<RunDocument>('run', mode, '--kernel', kernel);
  await lab.run('down', mode);
  const failed = failedWords(document);
  const checks = document.checks ?? [];
  if (failed.length === 0 && !asPredicted(document)) failed.push('an answer came from another server than predicted');
  const passed = checks.filter(({ ok }) => ok).length;
  return { ok: failed.length === 0, text: `${passed} of ${checks.length}`, failed };
}

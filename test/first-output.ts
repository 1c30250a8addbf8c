import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { installPackage } from './installed.ts';

/** How long a person waits for the first line of a command, by where its code is. */
export interface FirstOutput {
  command: string;
  /** Milliseconds, the median of several. */
  checkout: number;
  installed: number;
}

/** Milliseconds that every command should keep. */
export const firstOutputTarget = 300;

/** Commands that need no machine, as typed. FILE is what ipvsadm-save has written. */
const alone = [
  '--help',
  'run --help',
  'list',
  'doctor',
  'status',
  'simulate wrr --weights 3,2,1',
  'render dr',
  'up dr --dry-run',
  'down dr --dry-run',
  'import FILE',
  'image list',
  'run nosuch',
];

/** Commands on lab dr, which runs in the current folder. */
const onRunningLab = [
  'run dr',
  'verify dr',
  'status dr',
  'stats dr',
  'connections dr',
  'rules show dr',
  'ssh dr rs1 -- hostname',
  'reset dr rs1',
];

const rounds = 5;

/** @param folder of lab dr, where that runs */
export async function firstOutputs(folder?: string): Promise<FirstOutput[]> {
  const { folder: packages, kit } = await installPackage();
  const here = folder ?? (await realpath(await mkdtemp(join(tmpdir(), 'lab-first-'))));
  const rules = join(packages, 'rules');
  await writeFile(rules, '-A -t 192.168.1.3:80 -s rr\n-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1\n');
  const found: FirstOutput[] = [];
  for (const command of folder === undefined ? alone : onRunningLab) {
    const words = command.replace('FILE', rules).split(' ');
    const times: Record<'checkout' | 'installed', number[]> = { checkout: [], installed: [] };
    for (let round = 0; round < rounds; round++) {
      times.checkout.push(await firstOutput(projectRoot, words, here));
      times.installed.push(await firstOutput(kit, words, here));
    }
    found.push({ command, checkout: median(times.checkout), installed: median(times.installed) });
  }
  await removeTree(packages);
  if (folder === undefined) await removeTree(here);
  return found;
}

/** Milliseconds until the first line, on stdout or stderr. The command goes on to its end. */
async function firstOutput(kit: string, words: readonly string[], cwd: string): Promise<number> {
  const start = performance.now();
  let first = Number.POSITIVE_INFINITY;
  await run(process.execPath, [join(kit, 'bin/lab.js'), ...words], {
    cwd,
    anyExitCode: true,
    onLine: () => {
      first = Math.min(first, performance.now() - start);
    },
  });
  return first;
}

/** The rows of a table. */
export function firstOutputRows(found: readonly FirstOutput[]): string[][] {
  const cell = (ms: number) => `${Math.round(ms)} ms ${ms <= firstOutputTarget ? '✓' : '✗'}`;
  return [
    [`first output, ≤ ${firstOutputTarget} ms`, 'checkout', 'installed'],
    ...found.map(({ command, checkout, installed }) => [`lab ${command}`, cell(checkout), cell(installed)]),
  ];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

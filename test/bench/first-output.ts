import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { columns } from '../../scripts/report/columns.ts';
import { print, printJson, say } from '../../scripts/report/output.ts';
import { installPackage } from '../installed.ts';
import type { Wish } from './arguments.ts';
import { inFreshFolder } from './folder.ts';
import { interleaved } from './interleaved.ts';
import { interrupted } from './interrupt.ts';
import { machine } from './machine.ts';
import { median } from './numbers.ts';
import { Side } from './side.ts';

/** Milliseconds that every command should keep. */
const goal = 300;

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

/** Commands on lab dr while it runs. */
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

/** Where a command's code is. */
const places = ['checkout', 'installed'] as const;

/** How long a person waits for the first line of a command: medians in milliseconds, by where its code is. */
interface FirstOutput extends Record<(typeof places)[number], number> {
  command: string;
}

/** npm run bench -- --first-output */
export function firstOutput({ repeats, json }: Wish): Promise<number> {
  return inFreshFolder(async (folder) => {
    const { folder: packages, kit } = await installPackage();
    const kits = { checkout: projectRoot, installed: kit };
    const labs = new Side('ours', join(folder, 'labs'));
    const found: FirstOutput[] = [];
    const look = async (command: string) => {
      say(`  lab ${command}`);
      found.push(await firstLine(command, kits, join(folder, 'labs'), repeats));
    };
    try {
      await mkdir(join(folder, 'labs'));
      await writeFile(
        join(folder, 'labs/FILE'),
        '-A -t 192.168.1.3:80 -s rr\n-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1\n',
      );
      for (const command of alone) await look(command);
      await labs.run('up', 'dr');
      for (const command of onRunningLab) await look(command);
    } finally {
      await labs.end();
      await removeTree(packages);
    }
    if (json) printJson({ schema: 'lvs-lab/bench-first-output/1', machine: machine(), goal, repeats, commands: found });
    else print(`\n${machine()}\nmedians of ${repeats}\n\n${columns(tableRows(found))}`);
    return 0;
  });
}

async function firstLine(
  command: string,
  kits: Record<(typeof places)[number], string>,
  cwd: string,
  repeats: number,
): Promise<FirstOutput> {
  const times = { checkout: [] as number[], installed: [] as number[] };
  await interleaved(repeats, places, async (place) => {
    times[place].push(await untilFirstLine(kits[place], command.split(' '), cwd));
  });
  return { command, checkout: median(times.checkout) ?? 0, installed: median(times.installed) ?? 0 };
}

/** Milliseconds until the first line, on stdout or stderr. The command goes on to its end. */
async function untilFirstLine(kit: string, words: readonly string[], cwd: string): Promise<number> {
  const start = performance.now();
  let first = Number.POSITIVE_INFINITY;
  await run(process.execPath, [join(kit, 'bin/lab.js'), ...words], {
    cwd,
    anyExitCode: true,
    signal: interrupted,
    onLine: () => {
      first = Math.min(first, performance.now() - start);
    },
  });
  interrupted.throwIfAborted();
  return first;
}

function tableRows(found: readonly FirstOutput[]): string[][] {
  const cell = (ms: number) => `${Math.round(ms)} ms ${ms <= goal ? '✓' : '✗'}`;
  return [
    [`first output, ≤ ${goal} ms`, ...places],
    ...found.map(({ command, checkout, installed }) => [`lab ${command}`, cell(checkout), cell(installed)]),
  ];
}

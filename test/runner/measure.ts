import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { secondsSince } from '../../scripts/report/events.ts';

/** Seconds that `lab run dr` takes on the reference: two cores without KVM. */
const referenceLab = 7;

/** How fast this computer is. Seconds of whole commands, as a person waits for them. */
export interface Speed {
  /** The first `lab run dr`, which makes image and template where they are missing. */
  first: number;
  /** `lab reset dr rs1`: a machine cloned and set up. */
  clone: number;
  /** `lab run dr`: four machines, up and verified. */
  lab: number;
  /** How many times longer than on the reference, at least 1. */
  pace: number;
}

/** @throws LabError when the lab does not come up at all */
export async function measureSpeed(): Promise<Speed> {
  const cwd = await mkdtemp(join(tmpdir(), 'lab-speed-'));
  const timed = async (...words: string[]) => {
    const start = performance.now();
    await run(process.execPath, [join(projectRoot, 'bin/lab.js'), ...words], { cwd });
    return secondsSince(start);
  };
  try {
    const first = await timed('run', 'dr');
    const clone = await timed('reset', 'dr', 'rs1');
    await timed('down', 'dr');
    const lab = await timed('run', 'dr');
    return { first, clone, lab, pace: Math.max(1, lab / referenceLab) };
  } finally {
    await run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'down', 'dr'], { cwd, anyExitCode: true });
    await removeTree(cwd);
  }
}

export function describeSpeed({ first, clone, lab, pace }: Speed): string {
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return `this computer: first lab ${seconds(first)}, then one clone ${seconds(clone)}, one lab ${seconds(lab)}: pace ${pace.toFixed(1)}`;
}

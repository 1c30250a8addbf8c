import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tryLock } from '../../scripts/host/lock.ts';
import { cacheFolder, placeOf } from '../../scripts/host/paths.ts';
import { generator } from '../../scripts/random.ts';
import { scaled } from '../pace.ts';
import { failedChecks, LabCommand } from './lab.ts';

/** One bad end: what was done, and what was seen. */
export class BadEnd extends Error {}

export interface Chaos {
  kills: number;
  /** How often each kind of thing was killed. */
  killed: Map<string, number>;
}

/** Commands that are killed, and the milliseconds that they take at pace 1. */
const commands: [string[], number][] = [
  [['up', 'dr'], 6000],
  [['run', 'dr'], 8000],
  [['reset', 'dr', 'rs1'], 3000],
  [['reset', 'dr'], 6000],
  [['verify', 'dr'], 2500],
  [['down', 'dr'], 1000],
];

/**
 * Kills commands, machines and switches at random moments, and shows each time that the next `lab run` has a lab that
 * verifies, and now and then that `lab down` leaves nothing.
 * @param seed the same seed draws the same kills; their moments are as exact as the machine
 * @param say is told of each kill
 * @throws BadEnd
 */
export async function chaos(kills: number, seed: number, say: (line: string) => void): Promise<Chaos> {
  const random = generator(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const lab = await LabCommand.inFreshFolder();
  const place = placeOf('dr', lab.folder);
  const killed = new Map<string, number>();
  try {
    for (let number = 1; number <= kills; number++) {
      const start = performance.now();
      const [args, longest] = pick(commands);
      const after = 30 + random() * scaled(longest);
      const target = pick(['command', 'command', 'machine or switch']);
      const { child, ended } = lab.begin(...args);
      await Promise.race([pause(after), ended]);
      let what = `lab ${args.join(' ')}`;
      if (target === 'command') child.kill('SIGKILL');
      else {
        const victim = pick(await lab.processes('dr'));
        if (victim) {
          what = `${victim.argv[2]?.startsWith('lvs-lab/') ? `machine ${victim.argv[2].split('/').at(-1)}` : 'a switch'} during ${what}`;
          kill(victim.pid);
        }
      }
      await ended;
      killed.set(target, (killed.get(target) ?? 0) + 1);
      const { code, document, stderr } = await lab.json('run', 'dr');
      const failed = code === 0 ? [] : failedChecks(document);
      const line = `${number}. ${what}, after ${Math.round(after)} ms`;
      if (code !== 0) throw new BadEnd(`${line}: lab run dr then ends with ${code} ${failed.join(' ')}\n${stderr}`);
      if (random() < 0.3 || number === kills) await leavesNothing(line);
      say(`${line}: well again after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
  } finally {
    await lab.run('down', 'dr');
  }
  return { kills, killed };

  async function leavesNothing(line: string): Promise<void> {
    const { code, stderr } = await lab.run('down', 'dr');
    const lock = await tryLock(join(cacheFolder(), 'locks', place.id), 'chaos');
    lock?.release();
    const left = [
      ...(await lab.processes('dr')).map(({ argv }) => argv.slice(0, 3).join(' ')),
      ...(existsSync(place.runtime) ? [place.runtime] : []),
      ...(await readdir(lab.folder)),
      ...(lock ? [] : ['its lock']),
    ];
    if (code !== 0 || left.length > 0) throw new BadEnd(`${line}: lab down ends with ${code}, left ${left}\n${stderr}`);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tryLock } from '../../scripts/host/lock.ts';
import { cacheFolder, placeOf } from '../../scripts/host/paths.ts';
import { scaled } from '../pace.ts';
import { generator } from '../random.ts';
import { failedChecks, LabCommand } from './lab.ts';

/** A round that did not end well: what was done, and what was seen. */
export class BadRound extends Error {}

/** What is done in a round, and the milliseconds that it takes at pace 1. */
const commands: [string[], number][] = [
  [['save', 'dr', 'again'], 6000],
  [['save', 'dr', 'again'], 6000],
  [['load', 'dr', 'base'], 3000],
  [['load', 'dr', 'base'], 3000],
  [['load', 'dr', 'again'], 3000],
  [['forget', 'dr', 'again'], 500],
];

/**
 * Saves, loads and forgets one lab, kills half of these commands at random moments, and shows each time that every checkpoint is whole
 * and the lab well: after a save it goes on by itself, after a load the next one brings it back. At last nothing may be left.
 * @param seed the same seed draws the same rounds; the moments of the kills are as exact as the machine
 * @param say is told of each round
 * @returns how many commands were killed
 * @throws BadRound
 */
export async function rounds(count: number, seed: number, say: (line: string) => void): Promise<number> {
  const random = generator(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const lab = await LabCommand.inFreshFolder();
  let kills = 0;
  try {
    await well('lab up dr', 'up', 'dr');
    await well('lab save dr base', 'save', 'dr', 'base');
    for (let number = 1; number <= count; number++) {
      const start = performance.now();
      const [args, longest] = pick(commands);
      const killed = random() < 0.5;
      const after = 30 + random() * scaled(longest);
      const what = `${number}. lab ${args.join(' ')}${killed ? `, killed after ${Math.round(after)} ms` : ''}`;
      if (killed) await kill(args, after);
      else {
        const { code, stderr } = await lab.run(...args);
        // Nobody may have saved it yet.
        if (code !== 0 && !(code === 2 && args.includes('again')))
          throw new BadRound(`${what}: ends with ${code}\n${stderr}`);
      }
      if (killed) kills++;
      await wholeCheckpoints(what);
      if (killed && args[0] === 'load') await well(`${what}; then lab load dr base`, 'load', 'dr', 'base');
      const { code, document, stderr } = await lab.json('verify', 'dr');
      if (code !== 0)
        throw new BadRound(`${what}: lab verify dr then ends with ${code} ${failedChecks(document)}\n${stderr}`);
      say(`${what}: well after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    await leavesNothing();
  } finally {
    await lab.run('down', 'dr');
    for (const label of ['base', 'again']) await lab.run('forget', 'dr', label);
  }
  return kills;

  async function well(what: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await lab.run(...args);
    if (code !== 0) throw new BadRound(`${what}: ends with ${code}\n${stderr}`);
  }

  async function kill(args: readonly string[], after: number): Promise<void> {
    const { child, ended } = lab.begin(...args);
    await Promise.race([pause(after), ended]);
    child.kill('SIGKILL');
    await ended;
  }

  async function wholeCheckpoints(what: string): Promise<void> {
    const { document } = await lab.json<{ checkpoints: { label: string; readable: boolean }[] }>('checkpoints', 'dr');
    const labels = document.checkpoints.map(({ label }) => label);
    const whole = document.checkpoints.every(({ readable }) => readable) && labels.includes('base');
    if (!whole) throw new BadRound(`${what}: then there is ${JSON.stringify(document.checkpoints)}`);
  }

  async function leavesNothing(): Promise<void> {
    const place = placeOf('dr', lab.folder);
    await lab.run('forget', 'dr', 'again');
    await well('at last lab forget dr base', 'forget', 'dr', 'base');
    await well('at last lab down dr', 'down', 'dr');
    const lock = await tryLock(join(cacheFolder(), 'locks', place.id), 'checkpoint rounds');
    lock?.release();
    const saved = (await readdir(join(cacheFolder(), 'checkpoints')).catch(() => [])).filter((one) =>
      one.startsWith(place.id),
    );
    const left = [
      ...(await lab.processes('dr')).map(({ argv }) => argv.slice(0, 3).join(' ')),
      ...(existsSync(place.runtime) ? [place.runtime] : []),
      ...(await readdir(lab.folder)),
      ...(await readdir('/tmp')).filter((one) => one.startsWith(`lvs-lab-sockets-${place.id}`)),
      ...saved,
      ...(lock ? [] : ['its lock']),
    ];
    if (left.length > 0) throw new BadRound(`at last there is left: ${left.join(', ')}`);
  }
}

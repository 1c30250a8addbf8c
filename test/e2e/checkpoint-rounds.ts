import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { tryLock } from '../../scripts/host/lock.ts';
import { cacheFolder, placeOf } from '../../scripts/host/paths.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { generator } from '../../scripts/random.ts';
import { scaled } from '../pace.ts';
import { failedChecks, LabCommand } from './lab.ts';

/** A round that did not end well: what was done, and what was seen. */
export class BadRound extends Error {}

/** Files of checkpoints, in the lab's folder: one that is loaded, and one that is written anew. */
const [packed, written] = ['packed.lvslab', 'written.lvslab'];

/** What is done in a round, and the milliseconds that it takes at pace 1. */
const commands: [string[], number][] = [
  [['save', 'dr', 'again'], 6000],
  [['save', 'dr', 'again'], 6000],
  [['save', 'dr', 'again', '--to', written], 15_000],
  [['load', 'dr', 'base'], 3000],
  [['load', 'dr', 'base'], 3000],
  [['load', 'dr', 'again'], 3000],
  [['load', packed], 12_000],
  [['forget', 'dr', 'again'], 500],
];

/** Seconds. */
const largestClockError = 5;

/**
 * Saves, loads and forgets one lab, also as a file, and kills half of these commands at random moments. It shows each time that every
 * checkpoint is whole and the lab well, with right clocks: after a save it goes on by itself, after a load the next one brings it back. A
 * second lab runs beside, and is not touched. At last nothing may be left.
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
    await well('lab up nat', 'up', 'nat', '--real-servers', '1');
    await well('lab up dr', 'up', 'dr');
    await well('lab save dr base', 'save', 'dr', 'base');
    await well('lab save dr packed', 'save', 'dr', 'packed', '--to', packed);
    const beside = String(await pidsBeside());
    for (let number = 1; number <= count; number++) {
      const start = performance.now();
      const [args, longest] = pick(commands);
      const killed = random() < 0.5;
      const after = 30 + random() * scaled(longest);
      const next = pick(['verify', 'up']);
      const what = `${number}. lab ${args.join(' ')}${killed ? `, killed after ${Math.round(after)} ms` : ''}`;
      await prepare(args);
      if (killed) kills++;
      if (killed) await kill(args, after);
      else {
        const { code, stderr } = await lab.run(...args);
        // Nobody may have saved it yet.
        if (code !== 0 && !(code === 2 && args.includes('again') && args[0] !== 'save'))
          throw new BadRound(`${what}: ends with ${code}\n${stderr}`);
      }
      await wholeCheckpoints(what);
      if (killed && args[0] === 'load') await loadAgain(what, args);
      await well(`${what}; then lab ${next} dr`, next, 'dr');
      await rightClocks(what);
      const { code, document, stderr } = await lab.json('verify', 'dr');
      if (code !== 0)
        throw new BadRound(`${what}: lab verify dr then ends with ${code} ${failedChecks(document)}\n${stderr}`);
      if (String(await pidsBeside()) !== beside) throw new BadRound(`${what}: the lab beside has other machines then`);
      say(`${what}: well after ${((performance.now() - start) / 1000).toFixed(1)} s`);
    }
    await well('at last lab verify nat', 'verify', 'nat');
    await leavesNothing();
  } finally {
    for (const name of ['dr', 'nat']) await lab.run('down', name);
    for (const label of ['base', 'again', 'packed']) await lab.run('forget', 'dr', label);
    await removeTree(lab.folder);
  }
  return kills;

  async function well(what: string, ...args: string[]): Promise<void> {
    const { code, stderr } = await lab.run(...args);
    if (code !== 0) throw new BadRound(`${what}: ends with ${code}\n${stderr}`);
  }

  async function pidsBeside(): Promise<number[]> {
    return (await lab.processes('nat')).map(({ pid }) => pid).sort((one, other) => one - other);
  }

  /** A file is not overwritten, and does not replace a lab that runs. */
  async function prepare(args: readonly string[]): Promise<void> {
    if (args.includes('--to')) await removeTree(join(lab.folder, written));
    if (args[1] === packed) await well(`lab down dr, before lab load ${packed}`, 'down', 'dr');
  }

  async function kill(args: readonly string[], after: number): Promise<void> {
    const { child, ended } = lab.begin(...args);
    await Promise.race([pause(after), ended]);
    child.kill('SIGKILL');
    await ended;
  }

  /** The same command again, which finds half of what it does done; unless all was done. */
  async function loadAgain(what: string, args: readonly string[]): Promise<void> {
    const whole = existsSync(join(placeOf('dr', lab.folder).folder, 'plan.json'));
    if (args[1] !== packed) await well(`${what}; then lab load dr base`, 'load', 'dr', 'base');
    else if (!whole) await well(`${what}; then the same again`, ...args);
  }

  async function wholeCheckpoints(what: string): Promise<void> {
    const { document } = await lab.json<{ checkpoints: { label: string; readable: boolean }[] }>('checkpoints', 'dr');
    const labels = document.checkpoints.map(({ label }) => label);
    const whole = document.checkpoints.every(({ readable }) => readable) && labels.includes('base');
    if (!whole) throw new BadRound(`${what}: then there is ${JSON.stringify(document.checkpoints)}`);
    for (const file of [packed, written]) {
      if (!existsSync(join(lab.folder, file))) continue;
      const { code, stderr } = await run('gzip', ['--test', '--suffix', '.lvslab', join(lab.folder, file)], {
        anyExitCode: true,
      });
      if (code !== 0) throw new BadRound(`${what}: then ${file} is not whole: ${stderr}`);
    }
  }

  async function rightClocks(what: string): Promise<void> {
    const plan = JSON.parse(await readFile(join(placeOf('dr', lab.folder).folder, 'plan.json'), 'utf8')) as Plan;
    for (const { name } of plan.nodes) {
      const before = Date.now() / 1000;
      const clock = Number(await lab.on('dr', name, 'date +%s.%N'));
      const wrong = Math.max(before - clock, clock - Date.now() / 1000);
      if (wrong > largestClockError) throw new BadRound(`${what}: then the clock of ${name} is ${wrong} s wrong`);
    }
  }

  async function leavesNothing(): Promise<void> {
    const place = placeOf('dr', lab.folder);
    for (const label of ['again', 'packed']) await lab.run('forget', 'dr', label);
    await well('at last lab forget dr base', 'forget', 'dr', 'base');
    for (const name of ['dr', 'nat']) await well(`at last lab down ${name}`, 'down', name);
    for (const file of [packed, written]) await removeTree(join(lab.folder, file));
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

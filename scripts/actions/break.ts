import { randomInt } from 'node:crypto';
import { countOf } from '../count-of.ts';
import { ExitCode, ScriptError, UsageError } from '../errors.ts';
import { type Choice, choose, chooseAtRandom, requireFault } from '../faults/choose.ts';
import { faults } from '../faults/index.ts';
import { reported } from '../faults/reported.ts';
import { readBroken, writeBroken } from '../host/broken.ts';
import { listLabFiles } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { asTyped } from '../report/as-typed.ts';
import { type Emit, stage } from '../report/events.ts';
import { printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { withFaultyNodes } from './faulty-nodes.ts';
import type { Globals } from './globals.ts';
import { openLab } from './open-lab.ts';
import { findRunningLab } from './opened-lab.ts';

export interface BreakOptions {
  random: boolean;
  /** Decides what --random chooses; by default a random number. */
  seed?: number | undefined;
  /** How many faults --random makes; by default 1. */
  faults?: number | undefined;
}

/** How many seeds there are: 32 bits. */
const seeds = 2 ** 32;

/** lab break NAME [FAULT [PLACE]]: makes a fault in a running lab, and says so once a witness has seen it. */
export async function breakLab(
  name: string,
  wish: { fault?: string | undefined; place?: string | undefined },
  options: BreakOptions,
  globals: Globals,
): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  requireSense(name, wish, options);
  const { place } = await findRunningLab(name);
  const lock = await lockLab(place, `lab break ${place.lab}`, screen.emit);
  try {
    // Read again under the lock: while this command waited for it, another command may have changed or stopped the lab.
    const { plan } = await findRunningLab(name);
    await requireWhole(plan, place);
    if (wish.fault !== undefined) await requirePlace(plan, wish.fault);
    const seed = options.random ? (options.seed ?? randomInt(seeds)) : null;
    const chosen =
      seed === null
        ? [choose(faults, plan, wish.fault ?? '', wish.place)]
        : chooseAtRandom(faults, plan, seed, options.faults ?? 1);
    await make({ plan, place }, chosen, seed, screen.emit);
    screen.clear();
    if (globals.json) printJson(documentOf(plan, chosen, seed));
    else printText(asTyped(seed === null ? toldText(plan, chosen) : secretText(plan, chosen, seed)));
    return ExitCode.ok;
  } finally {
    screen.clear();
    lock.release();
  }
}

function requireSense(name: string, wish: { fault?: string | undefined }, options: BreakOptions): void {
  if (options.random && wish.fault !== undefined) {
    throw new UsageError('--random chooses a fault itself', { tryThis: `lab break ${name} ${wish.fault}` });
  }
  if (options.random) return;
  if (options.seed !== undefined || options.faults !== undefined) {
    throw new UsageError('--seed and --faults belong to --random', { tryThis: `lab break ${name} --random` });
  }
  if (wish.fault === undefined) {
    throw new UsageError('name a fault, or give --random', { tryThis: `lab faults ${name}` });
  }
  requireFault(faults, wish.fault);
}

/** @throws UsageError for a fault that the lab cannot have, naming labs that can */
async function requirePlace(plan: Plan, id: string): Promise<void> {
  const fault = requireFault(faults, id);
  if (fault.places(plan).length > 0) return;
  const names = [...(await listLabFiles()).keys()];
  const plans = await Promise.all(names.map((name) => openLab(name, {}, () => {}).then((lab) => lab.plan)));
  const able = plans.filter((one) => fault.places(one).length > 0).map(({ lab }) => lab);
  throw new UsageError(`lab ${plan.lab} cannot have the fault ${id}`, {
    cause: `the fault is that ${fault.title}; this lab has no place for it`,
    tryThis: able.length > 0 ? `lab faults ${able[0]}; these labs can have it: ${able.join(', ')}` : 'lab faults',
  });
}

/** A second fault could hide or undo the first. @throws UsageError in a lab that is broken already */
async function requireWhole(plan: Plan, place: Place): Promise<void> {
  if (!(await readBroken(place))) return;
  throw new UsageError(`lab ${plan.lab} is broken already`, { tryThis: `lab mend ${labArgument(plan)}` });
}

async function make(
  lab: { plan: Plan; place: Place },
  chosen: readonly Choice[],
  seed: number | null,
  emit: Emit,
): Promise<void> {
  // Written before a fault is made, so that `lab mend` knows what to undo even if this command is killed.
  const list = chosen.map(({ fault, place }) => ({ fault: fault.id, place: place.name }));
  await writeBroken(lab.place, { seed, faults: list });
  const acts = chosen.flatMap(({ place }) => place.make);
  const witnesses = chosen.map(({ place }) => place.witness);
  await withFaultyNodes(lab, { acts, witnesses }, emit, async (nodes) => {
    await stage(
      emit,
      'break',
      `making ${countOf(chosen.length, 'fault')}`,
      () => nodes.perform(acts),
      () => `${countOf(chosen.length, 'fault')} made`,
    );
    for (const [at, witness] of witnesses.entries()) {
      if (await nodes.sees(witness, true)) continue;
      const what = seed === null ? `the fault ${chosen[at]?.fault.id}` : 'a fault';
      throw new ScriptError(`${what} was made, but its effect was not seen`, {
        cause: 'something else in the lab hides it, or its machine is too slow',
        tryThis: `lab mend ${labArgument(lab.plan)}`,
      });
    }
  });
}

function documentOf(plan: Plan, chosen: readonly Choice[], seed: number | null) {
  const told = chosen.map(({ fault: { id, family, title }, place: { name, nodes } }) => {
    return { id, place: name, nodes, family, title };
  });
  return {
    schema: 'lvs-lab/break/1',
    lab: plan.lab,
    seed,
    faults: seed === null ? told : null,
    reports: chosen.map(({ place }) => reported(plan, place.symptom)),
  };
}

function toldText(plan: Plan, chosen: readonly Choice[]): string {
  return [
    ...chosen.map(({ fault: { id, title }, place }) => `${id} at ${place.name}: ${title}`),
    ...chosen.map(({ place }) => `users see: ${reported(plan, place.symptom)}`),
    `lab mend ${labArgument(plan)} undoes it`,
  ].join('\n');
}

function secretText(plan: Plan, chosen: readonly Choice[], seed: number): string {
  const reports = [...new Set(chosen.map(({ place }) => reported(plan, place.symptom)))];
  return [
    `${countOf(chosen.length, 'fault')} made, chosen by seed ${seed}. A user reports:`,
    ...reports.map((text) => `  ${text}`),
    `lab mend ${labArgument(plan)} --reveal undoes it and tells what it was`,
  ].join('\n');
}

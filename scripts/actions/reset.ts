import { join } from 'node:path';
import { countOf } from '../count-of.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { removeBroken } from '../host/broken.ts';
import { readReady } from '../host/exercise-state.ts';
import type { Place } from '../host/paths.ts';
import { lockLab, writePlan } from '../host/run-state.ts';
import { writeSshConfig } from '../host/ssh-config.ts';
import type { Plan } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';
import { disconnect } from '../provision/lab-states.ts';
import { type Emit, stage } from '../report/events.ts';
import { printJson } from '../report/output.ts';
import { display, jsonLines, toAll } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, requireNode, withScripts } from './opened-lab.ts';

/** lab reset NAME [NODE]: replaces one machine, or all of them, by new ones and sets them up. */
export async function reset(name: string, node: string | undefined, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { place } = await findRunningLab(name);
  const emit = toAll(screen.emit, jsonLines(join(place.folder, 'events.jsonl')));
  const lock = await lockLab(place, `lab reset ${place.lab}`, emit);
  try {
    // Read again: while this command waited for the lock, another may have changed or stopped the lab.
    const { plan } = await findRunningLab(name);
    if (node) requireNode(plan, node);
    await requireNoExercise(place);
    const what = node ?? `all ${countOf(plan.nodes.length, 'machine')}`;
    const { seconds } = await stage(
      emit,
      'machines',
      `replacing ${what}`,
      () => renew(plan, place, node, emit),
      () => `${what} replaced`,
    );
    if (globals.json) printJson({ schema: 'lvs-lab/reset/1', lab: plan.lab, node: node ?? null, seconds });
    return ExitCode.ok;
  } finally {
    screen.clear();
    lock.release();
  }
}

/** @throws UsageError for the lab of an exercise: new machines would not be where a learner begins */
async function requireNoExercise(place: Place): Promise<void> {
  const ready = await readReady(place);
  if (!ready) return;
  throw new UsageError(`lab ${place.lab} belongs to an exercise, which prepared its machines`, {
    cause: 'new machines of this command would not be prepared',
    tryThis: `lab exercise reset ${ready.exercise}`,
  });
}

/** Replaces one machine, or all, and sets them up. The caller holds the lab's lock. */
export async function renew(plan: Plan, place: Place, node: string | undefined, emit: Emit): Promise<void> {
  const { scripts, templates } = await withScripts(plan);
  const provisioning = import('../provision/provision.ts'); // loads while the machine starts
  const provider = await providerOf(plan.provider);
  await provider.checkpoints?.goOn(place, emit);
  let machines: Machine[];
  if (node && provider.reset) {
    const [machine] = await Promise.all([provider.reset(plan, place, node, emit), writePlan(place, plan, scripts)]);
    const others = (await provider.machines(plan, place)).filter((other) => other.node !== node);
    await writeSshConfig(place, [...others, machine]);
    // A disk is replaced with its node. Other nodes have mounted it, or hold data on it, and are set up again too.
    const disk = plan.nodes.find(({ name }) => name === node)?.disk;
    machines = disk ? [...others, machine] : [machine];
  } else if (node) {
    emit({ type: 'note', text: `${provider.name} cannot clone: ${node} is destroyed and made again from its box` });
    await provider.down(place, node);
    await writePlan(place, plan, scripts);
    machines = await provider.up(plan, place, emit); // also starts other machines that were missing
    await writeSshConfig(place, machines);
  } else {
    await provider.down(place);
    await removeBroken(place);
    await writePlan(place, plan, scripts);
    machines = await provider.up(plan, place, emit);
    await writeSshConfig(place, machines);
  }
  const { provision } = await provisioning;
  const lab = await provision({ plan, place, machines }, scripts, emit);
  const { recordStates } = await import('../provision/node-states.ts');
  await recordStates(lab, { scripts, templates }, emit);
  disconnect(lab);
}

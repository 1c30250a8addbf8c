import { ScriptError } from '../errors.ts';
import type { Step } from '../experiment/experiment.ts';
import type { Trial } from '../experiment/trial.ts';
import type { Choice } from '../faults/choose.ts';
import { removeBroken, writeBroken } from '../host/broken.ts';
import { leaveNoMachines } from '../host/interrupt.ts';
import { hasPlan, lockLab } from '../host/run-state.ts';
import { providerOf } from '../providers/providers.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll, provision } from '../provision/provision.ts';
import { type Emit, stage } from '../report/events.ts';
import { benchOf, type Control } from '../trials/machines.ts';
import { trySteps } from '../trials/try-steps.ts';
import { bringUp } from './bring-up.ts';
import { endLab } from './down.ts';
import { withFaultyNodes } from './faulty-nodes.ts';
import { loadCheckpoint } from './load.ts';
import type { OpenedLab } from './opened-lab.ts';
import { renew } from './reset.ts';

export interface TrialOptions {
  /** The command, for others that wait. */
  what: string;
  setup: boolean;
  /** Whether the lab runs on afterwards. */
  keep: boolean;
  /** The checkpoint that it begins from; fresh machines without it. */
  from?: string | undefined;
}

/** Brings a fresh lab up, does the steps, and ends the lab, however it ends. */
export async function tryIn(
  opened: OpenedLab,
  steps: readonly Step[],
  options: TrialOptions,
  emit: Emit,
): Promise<Trial> {
  const { place, templates } = opened;
  // What ran before has connections and rules of before.
  if (options.from === undefined && (await hasPlan(place))) await endLab(place, emit);
  try {
    const lab = await begun(opened, options, emit);
    const lock = await lockLab(place, options.what, emit);
    try {
      const { result } = await stage(
        emit,
        'try',
        'trying',
        async () => {
          const bench = await benchOf(lab, templates, controlOf(opened, lab, emit), emit);
          // What is about to end need not be undone.
          const undo = options.keep ? bench.undo : async () => {};
          return trySteps({ ...bench, undo }, steps, (text) => emit({ type: 'progress', stage: 'try', text }));
        },
        () => 'all steps done',
      );
      return result;
    } finally {
      lock.release();
      disconnect(lab);
    }
  } finally {
    if (!options.keep) await endLab(place, emit);
  }
}

async function begun(
  opened: OpenedLab,
  { setup, what, keep, from }: TrialOptions,
  emit: Emit,
): Promise<ProvisionedLab> {
  const starting = keep ? undefined : leaveNoMachines;
  if (from === undefined) return (await bringUp(opened, { setup, what, starting }, emit)).lab;
  const { plan, place } = opened;
  starting?.();
  const machines = await loadCheckpoint(place, from, setup, emit);
  return { plan, place, machines, remotes: await connectAll(machines) };
}

/** @param secret whether `lab mend` does not know of the faults: they are what a learner is to find */
export function controlOf(
  { plan, place, scripts }: OpenedLab,
  lab: ProvisionedLab,
  emit: Emit,
  { secret = false } = {},
): Control {
  const quiet: Emit = (event) => {
    if (event.type === 'warning') emit(event);
  };
  const made: Choice[] = [];
  // Whenever this command is killed, `lab mend` knows what to undo.
  const remember = async () =>
    secret || made.length === 0
      ? removeBroken(place)
      : writeBroken(place, {
          seed: null,
          faults: made.map(({ fault, place: { name } }) => ({ fault: fault.id, place: name })),
        });
  return {
    async make(choice) {
      const { fault, place: where } = choice;
      made.push(choice);
      await remember();
      await withFaultyNodes({ plan, place }, { acts: where.make, witnesses: [where.witness] }, quiet, async (nodes) => {
        await nodes.perform(where.make);
        if (!(await nodes.sees(where.witness, true)))
          throw new ScriptError(`the fault ${fault.id} was made, but it does not show`);
      });
    },
    async mend(choice) {
      const { fault, place: where } = choice;
      const at = made.findIndex((one) => one.fault === fault && one.place.name === where.name);
      if (at < 0) return; // mended already
      const acts = where.mend ?? [];
      await withFaultyNodes({ plan, place }, { acts, witnesses: [] }, quiet, (nodes) => nodes.perform(acts));
      await repair();
      made.splice(at, 1);
      await remember();
    },
    async reset(node) {
      lab.remotes.get(node)?.close();
      await renew(plan, place, node, quiet);
      lab.machines = await (await providerOf(plan.provider)).machines(plan, place);
      const fresh = await connectAll(lab.machines.filter((one) => one.node === node));
      for (const [name, remote] of fresh) lab.remotes.set(name, remote);
    },
  };

  /** What the lab's scripts set up again. */
  async function repair(): Promise<void> {
    disconnect(await provision({ plan, place, machines: lab.machines }, scripts, quiet));
  }
}

import { join } from 'node:path';
import { didYouMean } from '../closest.ts';
import { LabError, ProviderError, UsageError } from '../errors.ts';
import { removeBroken } from '../host/broken.ts';
import { labName, namedBy, requireLabName } from '../host/lab-files.ts';
import { type Place, placeOf, projectRoot } from '../host/paths.ts';
import { lockLab } from '../host/run-state.ts';
import { readState } from '../host/state-file.ts';
import { type Plan, planSchema } from '../plan/plan.ts';
import { providerNames } from '../providers/index.ts';
import type { Machine, MachineStatus, Provider } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';
import { labArgument } from '../render/lab-argument.ts';
import { loadTemplates } from '../render/load-templates.ts';
import type { Script, Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import type { Emit } from '../report/events.ts';

/** A lab that is planned and whose scripts are rendered. */
export interface OpenedLab {
  plan: Plan;
  place: Place;
  templates: Templates;
  scripts: Script[];
}

export async function withScripts(plan: Plan): Promise<OpenedLab> {
  const { renderPlan } = await import('../render/render.ts');
  const templates = await loadTemplates(projectRoot);
  return { plan, place: placeOf(plan.lab), templates, scripts: renderPlan(plan, templates) };
}

/** The plan of a lab that was started from this folder. @throws ProviderError when there is none */
export async function findRunningLab(nameOrPath: string): Promise<{ plan: Plan; place: Place }> {
  const name = labName(nameOrPath);
  const place = placeOf(name);
  const plan = await readState<Plan>(join(place.folder, 'plan.json'));
  if (!plan) {
    await requireLabName(nameOrPath);
    throw notRunning(namedBy(nameOrPath));
  }
  if (plan.schema !== planSchema) {
    throw new ProviderError(`lab ${name} was started by another version of lvs-lab`, {
      tryThis: `lab up ${labArgument(plan.file ? plan : namedBy(nameOrPath))}`,
    });
  }
  return { plan, place };
}

/**
 * The machines of a lab, or of some nodes. Those that stand still go on: when the save that is under way has ended, or at once when
 * it was killed.
 * @param options.locked whether the caller holds the lab's lock
 * @throws ProviderError when not all of them run
 */
export async function machinesOf(
  { plan, place }: { plan: Plan; place: Place },
  needed: readonly string[] = plan.nodes.map(({ name }) => name),
  emit: Emit = () => {},
  { locked = false } = {},
): Promise<Machine[]> {
  const provider = await providerOf(plan.provider);
  const machines = await movingMachines(provider, { plan, place }, emit, locked);
  const missing = needed.filter((node) => !machines.some((machine) => machine.node === node));
  if (missing.length > 0) throw notRunning(plan, await whyMissing(provider, place, missing, machines.length));
  return machines;
}

/** @param running how many machines of the lab run; undefined where nothing is known of those that do not */
async function whyMissing(
  provider: Provider,
  place: Place,
  missing: readonly string[],
  running: number,
): Promise<string | undefined> {
  for (const node of missing) {
    const why = await provider.whyEnded?.(place, node);
    if (why) return `${node} ended: ${why}`;
  }
  if (running === 0) return undefined;
  return `${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not run`;
}

async function movingMachines(
  provider: Provider,
  { plan, place }: { plan: Plan; place: Place },
  emit: Emit,
  locked: boolean,
): Promise<Machine[]> {
  const isStopped = async () => (await provider.checkpoints?.isStopped(place)) ?? false;
  if (!(await isStopped())) {
    try {
      const machines = await provider.machines(plan, place);
      if (!machines.some(({ still }) => still)) return machines;
    } catch (error) {
      if (!(await isStopped())) throw error; // else a save has begun meanwhile, and a machine answers one command at a time
    }
  }
  const lock = locked ? undefined : await lockLab(place, 'letting machines go on', emit);
  try {
    await provider.checkpoints?.goOn(place, emit);
    return await provider.machines(plan, place);
  } finally {
    lock?.release();
  }
}

/** Stops all machines of a lab, whole or broken, on every provider: its plan may be lost, or may name another provider. */
export async function endMachines(place: Place): Promise<void> {
  // The default provider last: it removes the lab's runtime folder.
  for (const name of [...providerNames].reverse()) await (await providerOf(name)).down(place);
  await removeBroken(place);
}

/** The machines of a lab on every provider. A provider that fails becomes a warning, and the others are still shown. */
export async function statusOfMachines(place: Place, emit: Emit): Promise<MachineStatus[]> {
  const providers = await Promise.all(providerNames.map(providerOf));
  const all = await Promise.all(
    providers.map((provider) =>
      provider.status(place).catch((error: unknown) => {
        if (!(error instanceof LabError)) throw error;
        emit({ type: 'warning', text: `lab ${place.lab}: ${errorText(error)}` });
        return [];
      }),
    ),
  );
  return all.flat();
}

function notRunning(
  lab: Pick<Plan, 'lab' | 'file'>,
  cause = 'it was not started from this folder, or a machine has stopped',
): ProviderError {
  return new ProviderError(`lab ${lab.lab} does not run, or not all of its machines do`, {
    cause,
    tryThis: `lab up ${labArgument(lab)}`,
  });
}

/** Refuses a node that the plan does not have. @throws UsageError */
export function requireNode(plan: Plan, node: string): string {
  const names = plan.nodes.map(({ name }) => name);
  if (names.includes(node)) return node;
  const meant = didYouMean(node, names);
  throw new UsageError(`lab ${plan.lab} has no node ${node}${meant ? `; ${meant}` : ''}`, {
    cause: `its nodes are ${names.join(', ')}`,
  });
}

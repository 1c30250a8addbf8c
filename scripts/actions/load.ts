import { resolve } from 'node:path';
import { requireSameContent, requireUnchanged } from '../checkpoints/damage.ts';
import { ending, readPacked, unpackCheckpoint } from '../checkpoints/file.ts';
import { findCheckpoint, requireReadable } from '../checkpoints/find.ts';
import { requireLabel, usualLabel } from '../checkpoints/label.ts';
import { requireParts } from '../checkpoints/parts.ts';
import { putRunFiles, unpackRunFiles } from '../checkpoints/run-files.ts';
import type { Checkpoint } from '../checkpoints/schema.ts';
import { keptCheckpoints, removeLeftovers, removeLeftoversOfOthers } from '../checkpoints/store.ts';
import { countOf } from '../count-of.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { exists, makePrivateFolder } from '../host/files.ts';
import { labName, shortPath } from '../host/lab-files.ts';
import { type Place, placeOf } from '../host/paths.ts';
import { registerLab } from '../host/registered-labs.ts';
import { hasPlan, lockLab, removeRunState, writePlanFile } from '../host/run-state.ts';
import { writeSshConfig } from '../host/ssh-config.ts';
import type { Machine } from '../providers/provider.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { type Emit, secondsSince, stage } from '../report/events.ts';
import { printJson, say } from '../report/output.ts';
import { saidTime } from '../report/said-time.ts';
import { display } from '../report/sinks.ts';
import { prepareHost } from './bring-up.ts';
import { checkpointing } from './checkpointing.ts';
import type { Globals } from './globals.ts';
import { nextSteps } from './next-steps.ts';
import { endMachines, statusOfMachines } from './opened-lab.ts';

export interface LoadOptions {
  /** Whether a lab that runs may be replaced by one from a file. */
  replace: boolean;
  /** Whether missing parts of this computer may be installed. */
  setup: boolean;
}

/** Where a lab is to be loaded from. */
interface Wanted {
  place: Place;
  /** The file, with what it says of itself. */
  packed?: { file: string; checkpoint: Checkpoint };
  label: string;
}

/**
 * lab load NAME [LABEL]: brings a lab back as it was saved, in the place of the one that runs. lab load FILE: the same with a checkpoint
 * from another computer.
 */
export async function load(
  nameOrFile: string,
  label: string | undefined,
  options: LoadOptions,
  globals: Globals,
): Promise<number> {
  const start = performance.now();
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const wanted = await wantedBy(nameOrFile, label);
  const { place } = wanted;
  const lock = await lockLab(place, `lab load ${place.lab}`, screen.emit);
  try {
    const { folder, checkpoint } = await find(wanted, options, screen.emit);
    const machines = await bringBack(place, folder, checkpoint, screen.emit);
    const seconds = secondsSince(start);
    screen.clear();
    const { lab, saved } = checkpoint;
    const nodes = machines.map(({ node, ssh }) => ({ node, sshHost: ssh.host, sshPort: ssh.port }));
    if (globals.json) printJson({ schema: 'lvs-lab/load/1', lab, label: checkpoint.label, saved, nodes, seconds });
    else if (globals.loudness !== 'quiet') say(nextSteps(checkpoint.plan));
    return ExitCode.ok;
  } finally {
    screen.clear();
    await removeLeftovers(place);
    lock.release();
  }
}

/** Brings a lab back as it was saved under a label. @returns its machines */
export async function loadCheckpoint(place: Place, label: string, setup: boolean, emit: Emit): Promise<Machine[]> {
  const lock = await lockLab(place, `lab load ${place.lab}`, emit);
  try {
    const found = await find({ place, label: requireLabel(label) }, { replace: true, setup }, emit);
    return await bringBack(place, found.folder, found.checkpoint, emit);
  } finally {
    await removeLeftovers(place);
    lock.release();
  }
}

async function wantedBy(nameOrFile: string, label: string | undefined): Promise<Wanted> {
  if (!nameOrFile.endsWith(ending)) {
    await requireNoFile(nameOrFile);
    return { place: placeOf(labName(nameOrFile)), label: requireLabel(label ?? usualLabel) };
  }
  if (label !== undefined) {
    throw new UsageError(`${label}: an argument too many`, {
      cause: 'a file holds one checkpoint',
      tryThis: 'lab help load',
    });
  }
  const file = resolve(nameOrFile);
  const checkpoint = await readPacked(file);
  return { place: placeOf(checkpoint.lab), packed: { file, checkpoint }, label: checkpoint.label };
}

/** @throws UsageError for a file of another name, which would be taken for a lab's */
async function requireNoFile(name: string): Promise<void> {
  if (/\.ya?ml$/.test(name) || !/[./]/.test(name) || !(await exists(resolve(name)))) return;
  throw new UsageError(`${name}: the name of a checkpoint’s file ends with ${ending}`, {
    tryThis: `mv ${shellQuote(name)} ${shellQuote(name + ending)}, then lab load ${shellQuote(name + ending)}`,
  });
}

/** The checkpoint in the cache; from a file it is unpacked first. Whatever keeps it from being loaded is said before anything ends. */
async function find(
  { place, packed, label }: Wanted,
  { replace, setup }: LoadOptions,
  emit: Emit,
): Promise<{ folder: string; checkpoint: Checkpoint }> {
  const { lab } = place;
  // Machines without a plan are what a killed command has left.
  if (packed && !replace && (await hasPlan(place)) && (await statusOfMachines(place, emit)).length > 0) {
    throw new UsageError(`lab ${lab} runs in this folder already`, {
      tryThis: `lab down ${lab}, or the same command with --replace`,
    });
  }
  const kept = packed ? await keptAs(place, packed.checkpoint) : await findCheckpoint(place, label);
  const checkpoint = kept ? requireReadable(kept) : packed?.checkpoint;
  if (!checkpoint) throw new Error('neither kept nor packed');
  const { provider, checkpoints } = await checkpointing(checkpoint.plan.provider);
  await prepareHost(provider.parts, setup, emit);
  await checkpoints.requireFit(checkpoint.machines, checkpoint.plan);
  requireParts(checkpoint, checkpoints.files(checkpoint.plan, checkpoint.machines));
  await removeLeftoversOfOthers(place); // they take room
  if (packed && !kept) {
    const name = shortPath(packed.file);
    const { result } = await stage(emit, 'checkpoint', `unpacking ${name}`, () =>
      unpackCheckpoint(place, packed.file, packed.checkpoint),
    );
    return result;
  }
  const { folder } = kept as { folder: string };
  await requireUnchanged(folder, checkpoint);
  return { folder, checkpoint };
}

/** The checkpoint of a file, if it was unpacked before. @throws UsageError when another one has its label */
async function keptAs(place: Place, { id, lab, label }: Checkpoint) {
  const kept = (await keptCheckpoints(place)).find((one) => one.label === label);
  if (!kept || kept.checkpoint?.id === id) return kept;
  throw new UsageError(`lab ${lab} has another checkpoint ${label}`, {
    cause: 'the file’s would replace it',
    tryThis: `lab forget ${lab} ${label}, then the same command`,
  });
}

/** Ends what runs of the lab, and starts the checkpoint's machines. The plan is written last: without it nothing counts as running. */
async function bringBack(place: Place, folder: string, checkpoint: Checkpoint, emit: Emit): Promise<Machine[]> {
  const { plan, machines: saved, label } = checkpoint;
  const { provider, checkpoints } = await checkpointing(plan.provider);
  await checkpoints.requireRoom(plan, place, { folder, saved });
  const runFiles = await unpackRunFiles(folder);
  await endMachines(place);
  await removeRunState(place);
  await makePrivateFolder(place.folder);
  await makePrivateFolder(place.runtime);
  await registerLab(place, provider.capabilities);
  await putRunFiles(runFiles, place);
  try {
    const { result: machines } = await stage(
      emit,
      'machines',
      `bringing back ${countOf(plan.nodes.length, 'machine')} from ${label}`,
      () => checkpoints.load(plan, place, { folder, saved, explain: () => requireSameContent(folder, checkpoint) }),
      (found) => `${countOf(found.length, 'machine')} back as saved ${saidTime(checkpoint.saved)}`,
    );
    await writeSshConfig(place, machines);
    await writePlanFile(place, plan);
    return machines;
  } catch (error) {
    await endMachines(place); // half a lab is of no use
    throw error;
  }
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeCheckpoint } from '../checkpoints/checkpoint.ts';
import { alreadyThere, ending, packCheckpoint } from '../checkpoints/file.ts';
import { requireLabel, usualLabel } from '../checkpoints/label.ts';
import { partsOf } from '../checkpoints/parts.ts';
import { saveRunFiles } from '../checkpoints/run-files.ts';
import { type Checkpoint, format } from '../checkpoints/schema.ts';
import { keepDraft, makeDraft, removeLeftovers, removeLeftoversOfOthers } from '../checkpoints/store.ts';
import { countOf } from '../count-of.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { exists, freedBy, occupiedBy, sizesOf } from '../host/files.ts';
import { shortPath } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
import { requireDisk } from '../host/room.ts';
import { lockLab } from '../host/run-state.ts';
import { version } from '../host/version.ts';
import type { Plan } from '../plan/plan.ts';
import { asTyped } from '../report/as-typed.ts';
import { type Emit, secondsSince, stage } from '../report/events.ts';
import { printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { checkpointing } from './checkpointing.ts';
import type { Globals } from './globals.ts';
import { mib } from './mib.ts';
import { findRunningLab } from './opened-lab.ts';

export interface SaveOptions {
  /** A file that gets the checkpoint, in place of the cache. */
  to?: string | undefined;
}

/** lab save NAME [LABEL]: keeps the whole lab as it stands. */
export async function save(
  name: string,
  label: string | undefined,
  { to }: SaveOptions,
  globals: Globals,
): Promise<number> {
  const start = performance.now();
  const as = requireLabel(label ?? usualLabel);
  const file = to === undefined ? undefined : await requireNewFile(to);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { place } = await findRunningLab(name);
  const lock = await lockLab(place, `lab save ${place.lab}`, screen.emit);
  try {
    // Read again: while this command waited for the lock, another may have changed or stopped the lab.
    const { plan } = await findRunningLab(name);
    const { checkpoints } = await checkpointing(plan.provider);
    await checkpoints.goOn(place, screen.emit); // since a save that was killed
    await removeLeftoversOfOthers(place); // they take room
    const { id, draft } = await makeDraft(place);
    await requireRoom(draft, file, { plan, place });
    const checkpoint = await fill(
      draft,
      { id, label: as, forOthers: file !== undefined },
      { plan, place },
      screen.emit,
    );
    const kept = file === undefined ? await keepDraft(place, draft, checkpoint) : draft;
    if (file !== undefined)
      await stage(screen.emit, 'checkpoint', `writing ${to}`, () => packCheckpoint(draft, checkpoint, file));
    const [size = 0] = file === undefined ? [await freedBy(kept)] : await sizesOf([file]);
    screen.clear();
    const { lab, saved } = checkpoint;
    const machines = plan.nodes.length;
    const seconds = secondsSince(start);
    if (globals.json) {
      const where = file === undefined ? { folder: kept, file: null } : { folder: null, file };
      printJson({ schema: 'lvs-lab/save/1', lab, label: as, saved, ...where, machines, size, seconds });
    } else {
      const back = file === undefined ? `${lab}${as === usualLabel ? '' : ` ${as}`}` : shortPath(file);
      const what = `${countOf(machines, 'machine')}, ${mib(size)}`;
      printText(asTyped(`lab ${lab} is saved as ${as}: ${what}\nlab load ${back} brings it back`));
    }
    return ExitCode.ok;
  } finally {
    screen.clear();
    await removeLeftovers(place);
    lock.release();
  }
}

/** @throws UsageError for a file that is there, or could not be told from the name of a lab */
async function requireNewFile(name: string): Promise<string> {
  const file = resolve(name);
  if (!file.endsWith(ending)) {
    throw new UsageError(`--to ${name}: the file’s name must end with ${ending}`, { tryThis: `--to ${name}${ending}` });
  }
  if (await exists(file)) throw alreadyThere(file);
  if (!(await exists(dirname(file)))) throw new UsageError(`--to ${name}: there is no such folder`);
  await access(dirname(file), constants.W_OK).catch(() => {
    throw new UsageError(`--to ${name}: you may not write to its folder`);
  });
  return file;
}

/** A file's part of what it is made of, at least: machines have most of their memory in common, and it is compressed. */
const packedPart = 1 / 6;

/** @throws MissingPartError when the disks have too little room for the checkpoint, or for the file that it is packed into */
async function requireRoom(
  draft: string,
  file: string | undefined,
  { plan, place }: { plan: Plan; place: Place },
): Promise<void> {
  const { checkpoints } = await checkpointing(plan.provider);
  const mib = await checkpoints.roomToSave(plan, place, draft);
  await requireDisk(
    // Beside all files one memory, while its difference is made of it.
    file === undefined
      ? { [draft]: mib }
      : { [draft]: mib + plan.memory, [dirname(file)]: Math.ceil(mib * packedPart) },
    `saving lab ${plan.lab}`,
  );
}

/** Fills the folder of a new checkpoint. */
async function fill(
  folder: string,
  { id, label, forOthers }: { id: string; label: string; forOthers: boolean },
  { plan, place }: { plan: Plan; place: Place },
  emit: Emit,
): Promise<Checkpoint> {
  const { checkpoints } = await checkpointing(plan.provider);
  const saved = new Date().toISOString();
  const count = countOf(plan.nodes.length, 'machine');
  const { result: machines } = await stage(
    emit,
    'machines',
    `saving ${count}; the lab stands still`,
    () => checkpoints.save(plan, place, folder, emit),
    () => `${count} saved; the lab goes on`,
  );
  await saveRunFiles(place, folder, { forOthers });
  const { result: parts } = await stage(emit, 'checkpoint', 'noting what was saved', () => partsOf(folder));
  const { file: typed, ...rest } = plan; // the path of the lab file means nothing elsewhere
  const checkpoint: Checkpoint = {
    ...{ format, id, lab: plan.lab, label, saved, kit: version() },
    ...{ plan: forOthers ? rest : plan, machines, occupied: await occupiedBy(folder), parts },
  };
  await writeCheckpoint(folder, checkpoint);
  return checkpoint;
}

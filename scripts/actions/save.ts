import { dirname, resolve } from 'node:path';
import { type Checkpoint, version as format, writeCheckpoint } from '../checkpoints/checkpoint.ts';
import { ending, packCheckpoint } from '../checkpoints/file.ts';
import { requireLabel, usualLabel } from '../checkpoints/label.ts';
import { partsOf } from '../checkpoints/parts.ts';
import { saveRunFiles } from '../checkpoints/run-files.ts';
import { keepDraft, makeDraft, removeLeftovers } from '../checkpoints/store.ts';
import { countOf } from '../count-of.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { exists, freedBy, occupiedBy, sizesOf } from '../host/files.ts';
import { shortPath } from '../host/lab-files.ts';
import type { Place } from '../host/paths.ts';
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
    const { id, draft } = await makeDraft(place);
    const checkpoint = await fill(draft, { id, label: as }, { plan, place }, screen.emit);
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
  if (await exists(file)) throw new UsageError(`--to ${name}: there is such a file, and it is not overwritten`);
  if (!(await exists(dirname(file)))) throw new UsageError(`--to ${name}: there is no such folder`);
  return file;
}

/** Fills the folder of a new checkpoint. */
async function fill(
  folder: string,
  { id, label }: { id: string; label: string },
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
  await saveRunFiles(place, folder);
  const { result: parts } = await stage(emit, 'checkpoint', 'noting what was saved', () => partsOf(folder));
  const checkpoint: Checkpoint = {
    ...{ version: format, id, lab: plan.lab, label, saved, kit: version() },
    ...{ plan, machines, occupied: await occupiedBy(folder), parts },
  };
  await writeCheckpoint(folder, checkpoint);
  return checkpoint;
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCheckpoint } from '../../scripts/checkpoints/checkpoint.ts';
import { partsOf } from '../../scripts/checkpoints/parts.ts';
import { type Checkpoint, format } from '../../scripts/checkpoints/schema.ts';
import { keepDraft, makeDraft } from '../../scripts/checkpoints/store.ts';
import { makePrivateFolder, occupiedBy } from '../../scripts/host/files.ts';
import type { Place } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';

const text = 'mode: dr\nnetworks: { front: 192.168.1.0/24 }\nservice: { vip: 192.168.1.3 }\n';
/** What the memories of all machines have in common: no gzip makes it smaller. */
const common = randomBytes(300_000);
export const memorySize = 64 * 2 ** 20;

const plan = makePlan(parseLab(text, { name: 'dr', file: 'dr.yaml' }).lab);

/** From now on the cache is an empty folder, of this process alone. */
export async function freshCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-checkpoints-'));
  process.env.XDG_CACHE_HOME = folder;
  return folder;
}

export function placeIn(folder: string, lab = 'dr'): Place {
  return { lab, id: '0123456789', folder: join(folder, '.lab', lab), runtime: join(folder, 'run') };
}

/** The folder of a checkpoint that was not given its name yet: a memory with holes, a state, an image. */
export async function draftOf(place: Place, label: string, changes: Partial<Checkpoint> = {}) {
  const { id, draft } = await makeDraft(place);
  for (const node of ['rs1', 'rs2', 'rs3']) {
    const memory = await open(join(draft, `${node}.memory`), 'wx');
    await memory.truncate(memorySize);
    await memory.write(common, 0, common.length, 5 * 2 ** 20 + 4096);
    await memory.write(`${node} at the end`, memorySize - 14);
    await memory.close();
  }
  await writeFile(join(draft, 'rs1.state'), `${label}: devices`);
  await writeFile(join(draft, 'run.tar'), 'run files');
  await makePrivateFolder(join(draft, 'image'));
  await writeFile(join(draft, 'image', 'root.erofs'), 'image');
  const machines = {
    version: '7.2.0',
    accelerator: 'tcg',
    cpu: '',
    hardware: '0123456789ab',
    machines: plan.nodes.map(({ name }) => ({ node: name, image: 'image' })),
  };
  const checkpoint: Checkpoint = {
    ...{
      format,
      id,
      lab: place.lab,
      label,
      saved: '2026-11-30T08:00:00.000Z',
      kit: '0.1.0',
      plan: { ...plan, lab: place.lab },
    },
    ...{ machines, occupied: await occupiedBy(draft), parts: await partsOf(draft) },
    ...changes,
  };
  await writeCheckpoint(draft, checkpoint);
  return { draft, checkpoint };
}

export async function keep(place: Place, label: string, changes: Partial<Checkpoint> = {}): Promise<string> {
  const { draft, checkpoint } = await draftOf(place, label, changes);
  return keepDraft(place, draft, checkpoint);
}

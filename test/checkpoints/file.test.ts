import { mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Checkpoint, imprint, writeCheckpoint } from '../../scripts/checkpoints/checkpoint.ts';
import { requireUnchanged } from '../../scripts/checkpoints/damage.ts';
import { packCheckpoint, readPacked, unpackCheckpoint } from '../../scripts/checkpoints/file.ts';
import { keptCheckpoints } from '../../scripts/checkpoints/store.ts';
import { ProviderError, UsageError } from '../../scripts/errors.ts';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { draftOf, freshCache, memorySize, placeIn } from './made.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-packed-'));
const cache = await freshCache();
test.after.always(() => Promise.all([folder, cache].map(removeTree)));
const place = placeIn(cache);

async function packed(name: string, changes: Partial<Checkpoint> = {}): Promise<string> {
  const file = join(folder, `${name}.lvslab`);
  const { draft, checkpoint } = await draftOf(place, name, changes);
  await packCheckpoint(draft, checkpoint, file);
  await removeTree(draft);
  return file;
}

test.serial('a file brings a checkpoint into another cache, with its holes', async (t) => {
  const file = await packed('carried');
  t.true((await stat(file)).size < 450_000, 'what the machines have in common is there once');
  const head = await readPacked(file);
  t.is(head.label, 'carried');
  const { folder: there, checkpoint } = await unpackCheckpoint(place, file, head);
  t.deepEqual(
    (await keptCheckpoints(place)).map((one) => one.folder),
    [there],
  );
  t.is(checkpoint.id, head.id);
  await t.notThrowsAsync(requireUnchanged(there, checkpoint));
  t.is(await readFile(join(there, 'rs1.state'), 'utf8'), 'carried: devices');
  for (const node of ['rs1', 'rs2', 'rs3']) {
    const memory = join(there, `${node}.memory`);
    const { size, blocks } = await stat(memory);
    t.is(size, memorySize);
    t.true(blocks * 512 < 2 ** 20);
    t.true((await readFile(memory, 'latin1')).endsWith(`${node} at the end`));
  }
});

test.serial('a file that was cut, or is another one, is refused', async (t) => {
  const file = await packed('cut');
  const head = await readPacked(file);
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 100));
  await t.throwsAsync(unpackCheckpoint(place, file, head), {
    instanceOf: ProviderError,
    message: /cut\.lvslab was damaged: /,
  });
  for (const text of ['', 'no archive', bytes.subarray(0, 20)]) {
    await writeFile(file, text);
    await t.throwsAsync(readPacked(file), { instanceOf: ProviderError, message: /is not the file of a checkpoint/ });
  }
  await t.throwsAsync(readPacked(join(folder, 'nothing.lvslab')), {
    instanceOf: UsageError,
    message: /nothing\.lvslab: there is no such file$/,
  });
});

test.serial('a file of another version says so', async (t) => {
  const other = await packed('other', { version: 2 as 1 });
  await t.throwsAsync(readPacked(other), { message: /made by another version of lvs-lab/ });
  const { plan } = (await draftOf(place, 'x')).checkpoint;
  const older = await packed('older', { plan: { ...plan, schema: 'lvs-lab/plan/1' as typeof plan.schema } });
  await t.throwsAsync(readPacked(older), { message: /made by another version of lvs-lab/ });
});

test.serial('names that lead out of a folder, or into QEMU’s arguments, are refused', async (t) => {
  const { plan, machines, parts } = (await draftOf(place, 'x')).checkpoint;
  const [first, ...others] = plan.nodes;
  if (!first) throw new Error('no node');
  const hostile: Partial<Checkpoint>[] = [
    { label: '../../x' },
    { id: '../x' },
    { lab: '..' },
    { plan: { ...plan, lab: 'other' } },
    { plan: { ...plan, nodes: [{ ...first, name: '../x' }, ...others] } },
    { plan: { ...plan, nodes: [{ ...first, disk: '../x' }, ...others] } },
    { plan: { ...plan, networks: [{ name: '../x' as 'front', cidr: '192.168.1.0/24' }] } },
    { plan: { ...plan, memory: '512M,mem-path=/etc/shadow' as unknown as number } },
    { machines: { ...machines, accelerator: 'tcg,x=y' } },
    { machines: { ...machines, machines: [{ node: 'rs1', image: '/etc' }] } },
  ];
  for (const [at, changes] of hostile.entries()) {
    const file = await packed(`hostile${at}`, changes);
    await t.throwsAsync(
      readPacked(file),
      { instanceOf: ProviderError, message: /is not a checkpoint that this kit/ },
      `${at}`,
    );
  }
  const { draft, checkpoint } = await draftOf(place, 'link');
  const outside = join(folder, 'outside');
  await writeFile(outside, 'link: devices');
  await removeTree(join(draft, 'rs1.state'));
  await symlink(outside, join(draft, 'rs1.state'));
  const file = join(folder, 'link.lvslab');
  await packCheckpoint(draft, checkpoint, file);
  await t.throwsAsync(unpackCheckpoint(place, file, checkpoint), { message: /was damaged: rs1\.state/ });
  t.is(await readFile(outside, 'utf8'), 'link: devices');
  t.true(parts.length > 0);
});

test.serial('the first thing in a file is what tells whether the rest is of use', async (t) => {
  const file = await packed('first');
  const { stdout } = await run('tar', ['--list', '--gzip', '--file', file]);
  t.is(stdout.split('\n')[0], imprint);
  const { draft, checkpoint } = await draftOf(place, 'sealed');
  await writeCheckpoint(draft, { ...checkpoint, label: 'sealed' });
  const path = join(draft, imprint);
  await writeFile(path, (await readFile(path, 'utf8')).replace('"tcg"', '"kvm"'));
  const edited = join(folder, 'edited.lvslab');
  await packCheckpoint(draft, checkpoint, edited);
  await t.throwsAsync(readPacked(edited), { message: /is not the file of a checkpoint, or was damaged/ });
});

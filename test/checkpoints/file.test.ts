import { mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { imprint, writeCheckpoint } from '../../scripts/checkpoints/checkpoint.ts';
import { requireUnchanged } from '../../scripts/checkpoints/damage.ts';
import { packCheckpoint, readPacked, unpackCheckpoint } from '../../scripts/checkpoints/file.ts';
import type { Checkpoint } from '../../scripts/checkpoints/schema.ts';
import { keptCheckpoints, outside, removeLeftovers } from '../../scripts/checkpoints/store.ts';
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
  await packCheckpoint(draft, { ...checkpoint, id: '0123456789ab' }, file);
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
  const { plan } = (await draftOf(place, 'x')).checkpoint;
  t.is(JSON.stringify((await keptCheckpoints(place))[0]?.checkpoint?.plan), JSON.stringify(plan), 'also its order');
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
  await t.throwsAsync(readPacked(folder), { instanceOf: UsageError, message: /: it is a folder$/ });
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
  const { plan } = (await draftOf(place, 'x')).checkpoint;
  for (const [name, changes] of [
    ['other', { format: 3 as 2 }],
    ['older', { plan: { ...plan, schema: 'lvs-lab/plan/1' as typeof plan.schema } }],
  ] as const) {
    const error = await t.throwsAsync<ProviderError>(readPacked(await packed(name, changes)));
    t.is(error?.facts.cause, 'it was made by another version of lvs-lab');
  }
});

test.serial('a file is never overwritten, also when it appears while another one is written', async (t) => {
  const { draft, checkpoint } = await draftOf(place, 'raced');
  const file = join(folder, 'raced: with a colon.lvslab');
  await writeFile(file, 'of somebody else');
  await t.throwsAsync(packCheckpoint(draft, checkpoint, file), { instanceOf: UsageError, message: /not overwritten/ });
  t.is(await readFile(file, 'utf8'), 'of somebody else');
  t.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith('.draft')),
    [],
  );
});

test.serial('half of a file that a killed command has left is removed by the next one on that lab', async (t) => {
  const { draft } = await draftOf(place, 'killed');
  const half = join(folder, 'killed.lvslab.0123456789ab.draft');
  await writeFile(half, 'half');
  await symlink(half, join(draft, outside));
  await removeLeftovers(place);
  await t.throwsAsync(stat(half), { code: 'ENOENT' });
  await t.throwsAsync(stat(draft), { code: 'ENOENT' });
});

test.serial('names that lead out of a folder, or into QEMU’s arguments, are refused', async (t) => {
  const { plan, machines, parts } = (await draftOf(place, 'x')).checkpoint;
  const [first, ...others] = plan.nodes;
  if (!first) throw new Error('no node');
  const [part] = parts;
  if (!part) throw new Error('no part');
  const withNode = (node: object) => ({ plan: { ...plan, nodes: [{ ...first, ...node }, ...others] } });
  const hostile: [Partial<Checkpoint>, RegExp][] = [
    [{ label: '../../x' }, /: label$/],
    [{ label: 'x'.repeat(41) }, /: label$/],
    [{ id: '../x' }, /: id$/],
    [{ lab: '..' }, /: lab$/],
    [{ plan: { ...plan, lab: 'other' } }, /: lab$/],
    [{ saved: '\u001b[2J' }, /: saved$/],
    [{ plan: { ...plan, title: 'a title\u001b]0;x\u0007' } }, /: a text in it$/],
    [{ plan: { ...plan, title: 'two\nlines' } }, /: plan\.title$/],
    [{ machines: { ...machines, cpu: '\u009b31m' } }, /: a text in it$/],
    [withNode({ name: '../x' }), /: plan\.nodes\.0\.name$/],
    [withNode({ disk: '../x' }), /: plan\.nodes\.0\.disk$/],
    [withNode({ name: 'other' }), /: machines$/],
    [
      { plan: { ...plan, networks: [{ name: '../x' as 'front', cidr: '192.168.1.0/24' }] } },
      /: plan\.networks\.0\.name$/,
    ],
    [{ plan: { ...plan, memory: '512M,mem-path=/etc/shadow' as unknown as number } }, /: plan\.memory$/],
    [{ machines: { ...machines, accelerator: 'tcg,x=y' } }, /: machines\.accelerator$/],
    [{ machines: { ...machines, machines: [{ node: 'rs1', image: '/etc' }] } }, /: machines\.machines\.0\.image$/],
    [{ parts: [{ ...part, size: -1 }] }, /: parts\.0\.size$/],
    [{ parts: [{ ...part, size: 0.5 }] }, /: parts\.0\.size$/],
    [{ parts: [part, part] }, /: parts$/],
  ];
  for (const [at, [changes, cause]] of hostile.entries()) {
    const file = await packed(`hostile${at}`, changes);
    const error = await t.throwsAsync<ProviderError>(
      readPacked(file),
      { instanceOf: ProviderError, message: /is not the file of a checkpoint that this kit can load/ },
      `${at}`,
    );
    t.regex(error?.facts.cause ?? '', cause);
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
  await t.throwsAsync(readPacked(edited), { message: /is not the file of a checkpoint that this kit can load/ });
});

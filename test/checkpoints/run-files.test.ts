import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { putRunFiles, saveRunFiles, unpackRunFiles } from '../../scripts/checkpoints/run-files.ts';
import { ProviderError } from '../../scripts/errors.ts';
import { run } from '../../scripts/host/exec.ts';
import { makePrivateFolder, removeTree } from '../../scripts/host/files.ts';
import { placeIn } from './made.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-run-files-'));
test.after.always(() => removeTree(folder));

/** A lab's folder and that of a checkpoint, both new. */
async function folders(name: string) {
  const place = placeIn(join(folder, name));
  await makePrivateFolder(place.folder);
  return { place, checkpoint: await makePrivateFolder(join(folder, name, 'checkpoint')) };
}

test('what was written of a run comes back, and nothing else of the lab’s folder', async (t) => {
  const { place, checkpoint } = await folders('well');
  await mkdir(join(place.folder, 'console'));
  for (const [name, text] of [
    ['console/rs1.log', 'boot'],
    ['events.jsonl', '{}'],
    ['ssh_config', 'Host rs1'],
  ] as const) {
    await writeFile(join(place.folder, name), text);
  }
  await saveRunFiles(place, checkpoint);
  await removeTree(place.folder);
  await makePrivateFolder(place.folder);
  await putRunFiles(await unpackRunFiles(checkpoint), place);
  t.deepEqual((await readdir(place.folder)).sort(), ['console', 'events.jsonl']);
  t.is(await readFile(join(place.folder, 'console/rs1.log'), 'utf8'), 'boot');
  t.deepEqual(await readdir(checkpoint), ['run.tar']);
});

test('what is for others has nothing of what the user has done in the lab', async (t) => {
  const { place, checkpoint } = await folders('others');
  await mkdir(join(place.folder, 'logs'));
  for (const name of ['logs/rs1.log', 'events.jsonl', 'report.json']) await writeFile(join(place.folder, name), '{}');
  await saveRunFiles(place, checkpoint, { forOthers: true });
  t.deepEqual(await readdir(await unpackRunFiles(checkpoint)), ['report.json']);
});

test('a link in an archive, and an archive that was cut off, are refused before the lab’s folder is touched', async (t) => {
  const { checkpoint } = await folders('hostile');
  const made = await makePrivateFolder(join(folder, 'made'));
  const archive = join(checkpoint, 'run.tar');
  const pack = () => run('tar', ['--create', '--file', archive, '--directory', made, '--', '.']);
  await symlink('/etc/passwd', join(made, 'events.jsonl'));
  await pack();
  await t.throwsAsync(unpackRunFiles(checkpoint), { instanceOf: ProviderError, message: /no file: events\.jsonl/ });
  t.deepEqual(await readdir(checkpoint), ['run.tar']);
  await removeTree(join(made, 'events.jsonl'));
  await writeFile(join(made, 'events.jsonl'), 'x'.repeat(100_000));
  await pack();
  await writeFile(archive, (await readFile(archive)).subarray(0, 50_000));
  await t.throwsAsync(unpackRunFiles(checkpoint), { instanceOf: ProviderError });
});

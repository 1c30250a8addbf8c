import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { run } from '../../scripts/host/exec.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { shellArchive } from '../../scripts/provision/shell-archive.ts';

const command = 'sh -c "cat; echo done"';

async function unpack(script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lab-archive-'));
  const { stdout } = await run('sh', ['-s'], { cwd: folder, input: script, anyExitCode: true });
  const files = await readdir(join(folder, 'lvs-lab')).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, 'lvs-lab', file), 'utf8')));
  await removeTree(folder);
  return { stdout, files, texts };
}

test('whatever stands in a script reaches the node as it is, and the command runs with an empty stdin', async (t) => {
  const text = fc.string({ unit: 'binary', maxLength: 200 }).map((one) => one.replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      const files = [
        { file: '10-a.sh', text: one },
        { file: '20-b.sh', text: other },
      ];
      const seen = await unpack(shellArchive('lvs-lab', files, command));
      t.deepEqual(seen.files.sort(), ['10-a.sh', '20-b.sh']);
      t.deepEqual(new Set(seen.texts), new Set([Buffer.from(one).toString(), Buffer.from(other).toString()]));
      t.is(seen.stdout.trim(), 'done');
    }),
    { numRuns: 40 },
  );
});

test('an archive that was cut off does nothing', async (t) => {
  const script = shellArchive('lvs-lab', [{ file: '10-a.sh', text: "echo 'a'\n" }], command);
  for (let length = 1; length < script.length - 2; length += 7) {
    const { files, stdout } = await unpack(script.slice(0, length));
    t.deepEqual({ files, stdout }, { files: [], stdout: '' }, String(length));
  }
});

import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { schedulers } from '../scripts/model/words.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-completion-'));
await mkdir(join(folder, 'labs'));
await mkdir(join(folder, '.lab/dr'), { recursive: true });
await mkdir(join(folder, 'cache/lvs-lab/kernels/6.12.94-abc'), { recursive: true });
await writeFile(join(folder, 'labs/mine.yaml'), '# a comment\ntitle: Mine: one\nmode: dr\n');
await writeFile(
  join(folder, '.lab/dr/ssh_config'),
  'Host director\n  Port 1\nHost rs1\n  Port 2\nHost *\n  User root\n',
);
test.after.always(() => removeTree(folder));

/** What can follow the words; the last one is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const typed = words.map((word, at) => (at === words.length - 1 ? `:${word}` : word));
  const { stdout } = await run('sh', [join(projectRoot, 'bin/complete.sh'), ...typed], {
    cwd: folder,
    env: { XDG_CACHE_HOME: join(folder, 'cache') },
  });
  return stdout.split('\n').filter(Boolean);
}

const names = async (...words: string[]) => (await offered(...words)).map((line) => line.split('\t')[0]);

test('commands and options are offered with what they do', async (t) => {
  t.deepEqual(await offered('ver'), ['verify\tcheck a running lab']);
  t.deepEqual(await names('rules', 's'), ['show', 'save']);
  t.deepEqual(await names('help', 'bis'), ['bisect']);
  t.true((await names('up', 'dr', '--')).includes('--scheduler'));
  t.deepEqual(await names('no-such', 'd'), []);
});

test('names are those of the kit, of this folder, and of the lab that was named', async (t) => {
  t.deepEqual(await offered('up', 'mi'), [
    'mine\tMine: one',
    'mixed-modes\tEvery real server by another forwarding method',
  ]);
  t.deepEqual(await names('ssh', 'dr', ''), ['director', 'rs1']);
  t.deepEqual(await names('ssh', 'nat', ''), []);
  t.deepEqual(await names('break', 'dr', 'vip-m'), ['vip-missing']);
  t.deepEqual(await names('bug', 'udp'), ['udp-removed-server']);
  t.true((await names('exercise', 'show', '')).includes('what-is-a-vip'));
  t.deepEqual(await names('capture', 'dr', 'front', ''), ['front', 'back', 'remote']);
});

test('an option’s value is not taken for an argument', async (t) => {
  t.deepEqual(await names('up', '--scheduler', ''), [...schedulers]);
  t.deepEqual(await names('up', '--scheduler', 'rr', 'mi'), ['mine', 'mixed-modes']);
  t.deepEqual(await names('up', 'dr', '--kernel', '6'), ['6.12.94-abc']);
  t.deepEqual(await names('capture', 'dr', '-w', ''), ['@file'], 'the shell knows files better');
});

test('bash completes lab with it', async (t) => {
  const script = join(folder, 'completion.bash');
  const { stdout } = await run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'completion', 'bash']);
  await writeFile(script, stdout);
  const typed = `. ${script}
COMP_WORDS=(lab rules show mi); COMP_CWORD=3; _lab; echo "\${COMPREPLY[@]}"
COMP_WORDS=(lab up ''); COMP_CWORD=2; _lab; echo "\${#COMPREPLY[@]}"`;
  const [mine, all] = (await run('bash', ['-c', typed], { cwd: folder })).stdout.trim().split('\n');
  t.is(mine, 'mine mixed-modes');
  t.true(Number(all) > 20, all);
});

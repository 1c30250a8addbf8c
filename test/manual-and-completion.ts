import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../scripts/host/exec.ts';
import { removeTree } from '../scripts/host/files.ts';
import { projectRoot } from '../scripts/host/paths.ts';
import { print } from '../scripts/report/output.ts';
import { ensureTools } from './tools.ts';

await ensureTools({ mandoc: 'mandoc', fish: 'fish', zsh: 'zsh' });

// The manual page through mandoc, and Tab in fish and zsh. bash has a unit test; Debian has no PowerShell.
const folder = await mkdtemp(join(tmpdir(), 'lab-manual-'));

async function completionFor(shell: string): Promise<string> {
  const file = join(folder, shell);
  const { stdout } = await run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'completion', shell]);
  await writeFile(file, stdout);
  return file;
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, args, { anyExitCode: true, cwd: folder });
  return `${stdout}${stderr}`;
}

// _describe and _files need the terminal of a shell that somebody types in.
const zsh = `compdef() { }; _describe() { print -rl -- "\${(@P)2}" }; _files() { print files }
source ${await completionFor('zsh')}
words=(lab rules show dr); CURRENT=4; _lab; words=(lab import ''); CURRENT=3; _lab`;
const fish = `source ${await completionFor('fish')}; complete -C 'lab rules show dr'; complete -C 'lab up dr --provider v'`;

const checks = [
  { what: 'docs/lab.1', found: await outputOf('mandoc', ['-T', 'lint', join(projectRoot, 'docs/lab.1')]), right: '' },
  { what: 'zsh', found: await outputOf('zsh', ['-f', '-c', zsh]), right: 'dr:Direct routing on one segment\nfiles' },
  {
    what: 'fish',
    found: await outputOf('fish', ['--no-config', '-c', fish]),
    right: 'dr\tDirect routing on one segment\nvagrant',
  },
];
await removeTree(folder);
for (const { what, found, right } of checks) {
  const ok = found.trim() === right;
  print(ok ? `${what}: right` : `${what}: not ${JSON.stringify(right)} but\n${found}`);
  if (!ok) process.exitCode = 1;
}

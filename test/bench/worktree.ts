import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../scripts/errors.ts';
import { run } from '../../scripts/host/exec.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { say } from '../../scripts/report/output.ts';
import { interrupted } from './interrupt.ts';

/**
 * A commit's short hash and the first line of its message, as much as fits on a line.
 * @throws UsageError when there is no such commit
 */
export async function describeCommit(commit: string): Promise<string> {
  const words = ['log', '--max-count=1', '--format=%h %<(50,trunc)%s', '--end-of-options', `${commit}^{commit}`];
  try {
    return (await git(...words)).trim();
  } catch {
    throw new UsageError(`there is no commit ${commit} in this checkout`, { tryThis: 'git log --oneline' });
  }
}

/** The last commit, and whether files that git knows were changed since. */
export async function describeCheckout(): Promise<string> {
  const changes = await git('status', '--porcelain', '--untracked-files=no');
  return (await describeCommit('HEAD')) + (changes === '' ? '' : ', changed since');
}

/** Another commit of the project in a folder of its own, with its packages, built as its package.json says. */
export async function addWorktree(commit: string, folder: string): Promise<void> {
  say(`  theirs: checking ${commit} out, npm ci`);
  await git('worktree', 'add', '--detach', '--quiet', folder, commit);
  const npm = (...args: string[]) => run('npm', args, { cwd: folder, timeoutMs: 600_000, signal: interrupted });
  await npm('ci', '--no-audit', '--no-fund');
  const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  if (scripts?.build) await npm('run', 'build');
}

/** Removes it, even if it is not there in full: `--force` a second time for one that git has not finished. */
export async function removeWorktree(folder: string): Promise<void> {
  await run('git', ['-C', projectRoot, 'worktree', 'remove', '--force', '--force', folder], { anyExitCode: true });
}

async function git(...args: string[]): Promise<string> {
  return (await run('git', ['-C', projectRoot, ...args], { signal: interrupted })).stdout;
}

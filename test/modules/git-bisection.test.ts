import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UndecidedError } from '../../scripts/errors.ts';
import type { BugVerdict } from '../../scripts/experiment/trial.ts';
import { run } from '../../scripts/host/exec.ts';
import { readBisect } from '../../scripts/modules/bisect-output.ts';
import { bisectTree } from '../../scripts/modules/git-bisection.ts';
import { ipvsFolder } from '../../scripts/modules/sources.ts';

const core = join(ipvsFolder, 'ip_vs_core.c');

/** A repository in which commit N says N in the core of IPVS. */
async function repositoryWith(count: number): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'lab-git-'));
  await run('git', ['init', '--quiet', '--initial-branch=main', tree]);
  const commits = Array.from({ length: count }, (_, at) => {
    const [text, message] = [`${at + 1}\n`, `ipvs: change ${at + 1}\n`];
    return [
      'commit refs/heads/main',
      `committer Somebody <somebody@example.org> ${1_000_000_000 + at} +0000`,
      `data ${message.length}`,
      message,
      `M 100644 inline ${core}`,
      `data ${text.length}`,
      text,
      `reset refs/tags/v${at + 1}`,
      'from refs/heads/main',
      '',
    ].join('\n');
  });
  await run('git', ['-C', tree, 'fast-import', '--quiet'], { input: commits.join('\n') });
  return tree;
}

const tree = await repositoryWith(6);

/** Searches with verdicts by the number that the sources of a commit have. */
async function search(t: ExecutionContext, good: string, bad: string, verdictOf: (at: number) => BugVerdict) {
  const work = join(await mkdtemp(join(tmpdir(), 'lab-search-')), 'work');
  const before = await run('git', ['-C', tree, 'status', '--porcelain', '--branch']);
  const seen: number[] = [];
  try {
    const found = await bisectTree({ tree, good, bad, work }, async (_, folder) => {
      const at = Number(await readFile(join(folder, core), 'utf8'));
      seen.push(at);
      const verdict = verdictOf(at);
      return { verdict, why: verdict === 'the lab broke' ? 'it does not compile' : null };
    });
    t.false((await readdir(join(work, '..'))).includes('work'));
    return { ...found, seen };
  } finally {
    t.deepEqual(await run('git', ['-C', tree, 'status', '--porcelain', '--branch']), before);
  }
}

test('the first commit with a bug is found, by as few tries as it takes, and the tree stays as it is', async (t) => {
  const { good, bad, went, seen } = await search(t, 'v1', 'v6', (at) => (at >= 4 ? 'reproduced' : 'not reproduced'));
  t.is(good.subject, 'ipvs: change 3');
  t.is(bad.subject, 'ipvs: change 4');
  t.false(went);
  t.true(seen.length <= 3, String(seen));
});

test('the first commit without a bug is found as well: the good end is the newer one', async (t) => {
  const { good, bad, went } = await search(t, 'v6', 'v1', (at) => (at >= 4 ? 'not reproduced' : 'reproduced'));
  t.is(good.subject, 'ipvs: change 4');
  t.is(bad.subject, 'ipvs: change 3');
  t.true(went);
});

test('a commit that cannot be built is skipped, and named where it may be the first', async (t) => {
  const { skipped, tried } = await search(t, 'v1', 'v6', (at) => {
    return at === 3 || at === 4 ? 'the lab broke' : at > 4 ? 'reproduced' : 'not reproduced';
  });
  t.deepEqual(skipped.map(({ subject }) => subject).sort(), ['ipvs: change 3', 'ipvs: change 4']);
  t.true(tried.some(({ why }) => why === 'it does not compile'));
});

test('an end that is not as it was said to be is told', async (t) => {
  const error = await t.throwsAsync(
    search(t, 'v1', 'v6', () => 'not reproduced'),
    { instanceOf: UndecidedError },
  );
  t.is(error?.message, '--bad v6: the bug was not reproduced');
});

test('a tree and a commit that are not there are told', async (t) => {
  const none = await mkdtemp(join(tmpdir(), 'lab-none-'));
  const work = join(none, 'work');
  const judge = async () => ({ verdict: 'reproduced' as const, why: null });
  const missing = await t.throwsAsync(bisectTree({ tree, good: 'v1', bad: 'v77', work }, judge));
  t.is(missing?.message, `--bad: there is no commit v77 in ${tree}`);
  const nowhere = await t.throwsAsync(bisectTree({ tree: none, good: 'v1', bad: 'v2', work }, judge));
  t.is(nowhere?.message, `--git: ${none} is no repository of git`);
});

test('the output of git bisect is understood', (t) => {
  const [one, other] = ['a'.repeat(40), 'b'.repeat(40)];
  t.deepEqual(readBisect('Bisecting: 3 revisions left to test after this (roughly 2 steps)\n'), { kind: 'next' });
  t.deepEqual(readBisect(`${one} is the first bad commit\ncommit ${one}\n`), { kind: 'found', commit: one });
  t.deepEqual(
    readBisect(
      `There are only 'skip'ped commits left to test.\nThe first bad commit could be any of:\n${one}\n${other}\n`,
    ),
    { kind: 'skipped', commits: [one, other] },
  );
});

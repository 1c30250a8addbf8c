import { join } from 'node:path';
import { ProviderError, UndecidedError, UsageError } from '../errors.ts';
import type { BugVerdict } from '../experiment/trial.ts';
import { lastLines, run } from '../host/exec.ts';
import { makePrivateFolder, removeTree } from '../host/files.ts';
import { readBisect } from './bisect-output.ts';
import { ipvsFolder, ipvsHeaders } from './sources.ts';

export interface Commit {
  /** In full. */
  id: string;
  subject: string;
}

export interface Judged {
  verdict: BugVerdict;
  /** Why nothing is known. */
  why: string | null;
}

export interface GitBisected {
  /** In the order in which they were tried. */
  tried: ({ commit: Commit } & Judged)[];
  /** The last that does not have the bug, on the way to the bad end; what was named where no other was tried. */
  good: Commit;
  /** The first that has it. */
  bad: Commit;
  /** The bug went: the good one is newer. */
  went: boolean;
  /** Commits of which nothing is known, and one of which may be the first. */
  skipped: Commit[];
}

interface Ends {
  /** A repository; it stays as it is. */
  tree: string;
  good: string;
  bad: string;
  /** A folder for the search alone. */
  work: string;
}

/** What a module is built from: other commits cannot make a difference. */
const paths = [ipvsFolder, ...ipvsHeaders];

/**
 * `git bisect` among the commits that change IPVS. The search has a repository of its own, which borrows the objects of the tree.
 * @param judge looks for the bug in the sources of one commit, which are in a folder that is the same each time
 * @throws UsageError for a tree or a commit that is not there, UndecidedError when an end is not as it was said to be
 */
export async function bisectTree(
  { tree, good, bad, work }: Ends,
  judge: (commit: Commit, folder: string) => Promise<Judged>,
): Promise<GitBisected> {
  const ends = { good: await commitIn(tree, good, '--good'), bad: await commitIn(tree, bad, '--bad') };
  if (ends.good === ends.bad) throw new UsageError(`${good} and ${bad} are the same commit`);
  await removeTree(work);
  await makePrivateFolder(work);
  const [repository, folder] = [join(work, 'repository'), join(work, 'source')];
  await run('git', ['clone', '--quiet', '--bare', '--shared', tree, repository]);
  const git = (args: readonly string[], anyExitCode = false) =>
    run('git', ['-C', repository, ...args], { anyExitCode });
  const tried: GitBisected['tried'] = [];
  const commitOf = async (id: string): Promise<Commit> => {
    return { id, subject: (await git(['log', '-1', '--format=%s', id])).stdout.trim() };
  };
  const look = async (id: string): Promise<BugVerdict> => {
    const commit = await commitOf(id);
    await putSources(repository, id, folder);
    const judged = await judge(commit, folder);
    tried.push({ commit, ...judged });
    return judged.verdict;
  };
  const ancestor = await git(['merge-base', '--is-ancestor', ends.bad, ends.good], true);
  const went = ancestor.code === 0;
  // For git the newer one is bad, whatever that is.
  const [older, newer] = went ? [ends.bad, ends.good] : [ends.good, ends.bad];
  const isNewer = (verdict: BugVerdict) => (verdict === 'reproduced') !== went;
  let ended = await git(['bisect', 'start', '--no-checkout', newer, older, '--', ...paths], true);
  for (;;) {
    const step = readBisect(ended.stdout);
    if (step.kind === 'next') {
      if (ended.code !== 0) throw gitFailed(ended);
      const id = (await git(['rev-parse', '--verify', 'BISECT_HEAD'])).stdout.trim();
      const verdict = await look(id);
      const word = verdict === 'the lab broke' ? 'skip' : isNewer(verdict) ? 'bad' : 'good';
      ended = await git(['bisect', word], true);
      continue;
    }
    const known = tried.filter(({ verdict }) => verdict !== 'the lab broke');
    const open = step.kind === 'found' ? [step.commit] : step.commits;
    const isFirst = (id: string) => known.some(({ commit, verdict }) => commit.id === id && isNewer(verdict));
    const first = step.kind === 'found' ? step.commit : (open.find(isFirst) ?? newer);
    const skipped = open.filter((id) => id !== first);
    const last = known.findLast(({ verdict }) => !isNewer(verdict))?.commit.id ?? older;
    const pair = went ? { good: first, bad: last } : { good: last, bad: first };
    // An end that was only said to be so is looked at before it is named.
    for (const [end, id] of Object.entries(pair) as ['good' | 'bad', string][]) {
      if (tried.some(({ commit }) => commit.id === id)) continue;
      await look(id);
      requireAsSaid(end, { good, bad }[end], tried);
    }
    await removeTree(work);
    return {
      tried,
      good: shown(tried, pair.good),
      bad: shown(tried, pair.bad),
      went,
      skipped: tried.filter(({ commit }) => skipped.includes(commit.id)).map(({ commit }) => commit),
    };
  }
}

async function commitIn(tree: string, revision: string, option: string): Promise<string> {
  const { code, stdout, stderr } = await run(
    'git',
    ['-C', tree, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    { anyExitCode: true },
  );
  const id = stdout.trim().split('\n').at(-1) ?? '';
  if (code === 0 && /^[0-9a-f]{40,64}$/.test(id)) return id;
  const { code: repository } = await run('git', ['-C', tree, 'rev-parse', '--git-dir'], { anyExitCode: true });
  if (repository !== 0) throw new UsageError(`--git: ${tree} is no repository of git`, { tail: lastLines(stderr, 2) });
  throw new UsageError(`${option}: there is no commit ${revision} in ${tree}`);
}

function shown(tried: GitBisected['tried'], id: string): Commit {
  return tried.find(({ commit }) => commit.id === id)?.commit ?? { id, subject: '' };
}

/** The sources of IPVS as they were in a commit. */
async function putSources(repository: string, id: string, folder: string): Promise<void> {
  await removeTree(folder);
  await makePrivateFolder(folder);
  const { stdout } = await run('git', ['-C', repository, 'ls-tree', '-r', '--name-only', id, '--', ...paths]);
  const there = paths.filter((path) => stdout.split('\n').some((file) => file === path || file.startsWith(`${path}/`)));
  await run('sh', ['-euc', extractor, 'sh', repository, id, folder, ...there]);
}

const extractor = `repository=$1
id=$2
folder=$3
shift 3
git -C "$repository" archive "$id" -- "$@" | tar -x -C "$folder"`;

function gitFailed({ stderr, stdout }: { stderr: string; stdout: string }): ProviderError {
  return new ProviderError('git bisect failed', { tail: lastLines(`${stdout}\n${stderr}`, 4) });
}

/** @throws UndecidedError when an end is not as it was said to be */
function requireAsSaid(end: 'good' | 'bad', revision: string, tried: GitBisected['tried']): void {
  const seen = tried.at(-1) as Judged;
  if (seen.verdict === (end === 'bad' ? 'reproduced' : 'not reproduced')) return;
  const broke = seen.verdict === 'the lab broke';
  const others = tried.slice(0, -1).filter(({ verdict }) => verdict !== 'the lab broke');
  const alike = others.length > 0 ? 'all others of which anything is known are as the other end is' : undefined;
  throw new UndecidedError(`--${end} ${revision}: ${broke ? 'the lab broke' : `the bug was ${seen.verdict}`}`, {
    cause: broke ? (seen.why ?? undefined) : alike,
  });
}

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { countOf } from '../count-of.ts';
import { BuildError, ExitCode, UsageError } from '../errors.ts';
import { takeLock } from '../host/lock.ts';
import { cacheFolder } from '../host/paths.ts';
import { isOwn } from '../model/kernels.ts';
import { buildModule } from '../modules/build-module.ts';
import { bisectTree, type Commit, type GitBisected, type Judged } from '../modules/git-bisection.ts';
import { buildParts } from '../modules/parts.ts';
import { kernelOf, nodesOf, theNode } from '../plan/plan.ts';
import type { DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { findDebianKernel } from '../providers/kernels/ensure-kernel.ts';
import { kernelParts } from '../providers/kernels/parts.ts';
import { columns } from '../report/columns.ts';
import type { Emit } from '../report/events.ts';
import { type Paint, painter, printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { type BisectOptions, verdictOn } from './bisect.ts';
import { prepareHost } from './bring-up.ts';
import type { Globals } from './globals.ts';
import { type BugFile, type LookOptions, openBug } from './look-for-bug.ts';
import { openVariant } from './open-variant.ts';

export interface GitBisectOptions extends BisectOptions {
  /** A kernel's repository: the ends are commits. */
  git: string;
  /** The kernel for which modules of commits are built, where that is not the bug's. */
  kernel?: string | undefined;
}

/** lab bisect ID --git TREE: with which commit of IPVS a bug came, or went. */
export async function bisectGit(idOrPath: string, options: GitBisectOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const file = await openBug(idOrPath);
  const { plan } = await openVariant(file.toOpen, file.bug.variant, { ...options, kernel: undefined }, screen.emit);
  await prepareHost([...kernelParts, ...buildParts, gitPart], options.setup, screen.emit);
  const tree = resolve(options.git);
  const work = join(cacheFolder(), 'bisections', createHash('sha256').update(tree).digest('hex').slice(0, 12));
  const lock = await takeLock(`${work}.lock`, { what: `lab bisect ${file.bug.id}`, waitSeconds: 0 });
  try {
    const word = options.kernel ?? kernelOf(plan, theNode(plan, 'director'));
    if (typeof word !== 'string' || isOwn(word)) {
      throw new UsageError('--git: the modules are built for a kernel, and the file of the bug names no version', {
        tryThis: 'the same command with --kernel and a version, such as 6.12.118',
      });
    }
    const kernel = await findDebianKernel(word, plan.release, screen.emit);
    // Other machines stay as the bug's file has them.
    const nodes = Object.fromEntries(nodesOf(plan, 'director').map(({ name }) => [name, kernel.name]));
    const { provider, setup } = options;
    const judge = (commit: Commit, folder: string) =>
      judgeCommit(commit, folder, kernel, file, { provider, setup, kernel: { nodes } }, screen.emit);
    const bisected = await bisectTree({ tree, good: options.good, bad: options.bad, work }, judge);
    screen.clear();
    if (globals.json) printJson(documentOf(file, kernel, bisected));
    else printText(gitBisectText(file.bug.title, kernel, bisected, painter(process.stdout)));
    return bisected.skipped.length === 0 ? ExitCode.ok : ExitCode.unknown;
  } finally {
    lock.release();
    screen.clear();
  }
}

const gitPart = { part: 'git', package: 'git', what: 'says which commit comes next' };

/** What does not compile is skipped, and never taken for bad. */
async function judgeCommit(
  { id, subject }: Commit,
  source: string,
  kernel: DebianKernel,
  file: BugFile,
  options: Omit<LookOptions, 'mended'>,
  emit: Emit,
): Promise<Judged> {
  emit({ type: 'note', text: `commit ${short(id)} ${subject}` });
  const to = join(source, '..', 'modules');
  try {
    await buildModule(source, kernel, to, emit);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    emit({ type: 'warning', text: `commit ${short(id)} is skipped: ${error.message}` });
    return { verdict: 'the lab broke', why: error.facts.tail?.split('\n')[0] ?? error.message };
  }
  return verdictOn(kernel, file, { ...options, module: { all: join(to, 'ip_vs.ko'), nodes: {} } }, emit);
}

const short = (id: string) => id.slice(0, 12);

export function gitBisectText(title: string, kernel: DebianKernel, bisected: GitBisected, paint: Paint): string {
  const { tried, good, bad, went, skipped } = bisected;
  const rows = tried.map(({ commit, verdict, why }, at) => [
    String(at + 1),
    short(commit.id),
    commit.subject,
    why === null ? verdict : `skipped: ${why}`,
  ]);
  const [first, words] = went ? [good, 'the first commit without the bug'] : [bad, 'the first commit with the bug'];
  return [
    '',
    `  ${paint('bold', title)}`,
    `  on kernel ${kernel.name}`,
    '',
    columns([['', 'commit', 'subject', ''], ...rows]),
    '',
    `  ${short(first.id)} is ${words}:`,
    `  ${first.subject}`,
    ...(skipped.length > 0
      ? [
          `  Of ${countOf(skipped.length, 'commit')} before it nothing is known: ${skipped.map(({ id }) => short(id)).join(', ')}.`,
        ]
      : []),
    '',
  ].join('\n');
}

function documentOf({ bug }: BugFile, { name, version, debian }: DebianKernel, bisected: GitBisected) {
  const { tried, good, bad, skipped } = bisected;
  return {
    schema: 'lvs-lab/bisect-git/1',
    bug: bug.id,
    kernel: { name, version, debian },
    tried: tried.map(({ commit, verdict, why }) => ({ ...commit, verdict, why })),
    good,
    bad,
    skipped,
  };
}

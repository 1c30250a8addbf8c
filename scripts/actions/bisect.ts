import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { countOf } from '../count-of.ts';
import {
  ExitCode,
  InterruptedError,
  LabError,
  LabFileError,
  MissingPartError,
  ProviderError,
  UndecidedError,
  UsageError,
} from '../errors.ts';
import { search, triesFor } from '../experiment/bisect.ts';
import type { BugVerdict } from '../experiment/trial.ts';
import type { Release } from '../model/words.ts';
import type { ProviderName } from '../providers/index.ts';
import { type Builds, kernelsBetween, seriesIn } from '../providers/kernels/between.ts';
import { readCatalog, updateCatalog } from '../providers/kernels/catalog.ts';
import { type Changes, ipvsChanges } from '../providers/kernels/changelog.ts';
import type { DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { kernelParts } from '../providers/kernels/parts.ts';
import { ensureDebianKernel } from '../providers/kernels/store.ts';
import { changelogIn, keptKernels } from '../providers/kernels/stored-kernel.ts';
import type { Emit } from '../report/events.ts';
import { painter, printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { type Bisected, bisectText, inTime, type Tried } from './bisect-text.ts';
import { prepareHost } from './bring-up.ts';
import type { Globals } from './globals.ts';
import { type BugFile, type LookOptions, lookForBug, openBug } from './look-for-bug.ts';
import { openVariant } from './open-variant.ts';

export interface BisectOptions {
  good: string;
  bad: string;
  provider?: ProviderName | undefined;
  setup: boolean;
}

/**
 * lab bisect ID: between which two kernels of Debian a bug came, or went.
 * @throws UndecidedError when an end is not as it was said to be
 */
export async function bisect(idOrPath: string, options: BisectOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const file = await openBug(idOrPath);
  const { plan } = await openVariant(file.toOpen, file.bug.variant, { ...options, kernel: undefined }, screen.emit);
  await prepareHost(kernelParts, options.setup, screen.emit);
  try {
    const kernels = await candidates(options, plan.release, screen.emit);
    const bisected = await searchIn(kernels, file, options, screen.emit);
    screen.clear();
    if (globals.json) printJson(documentOf(file, bisected));
    else printText(bisectText(file.bug, bisected, painter(process.stdout)));
    return bisected.skipped.length === 0 ? ExitCode.ok : ExitCode.unknown;
  } finally {
    screen.clear();
  }
}

/** From the good one to the bad one. */
async function candidates({ good, bad }: BisectOptions, release: Release, emit: Emit): Promise<Builds[]> {
  const kept = (await keptKernels()).flatMap(({ debian }) => debian ?? []);
  const catalog = (await readCatalog()) ?? (await updateCatalog(emit));
  const kernels = kernelsBetween(good, bad, release, { catalog, kept });
  const tries = triesFor(kernels.length);
  emit({
    type: 'note',
    text: `${countOf(kernels.length, 'kernel')} from ${good} to ${bad}: at most ${tries === 1 ? '1 try' : `${tries} tries`}`,
  });
  const series = seriesIn(kernels.map(([best]) => best));
  if (series.length > 1) {
    const text = `${series.join(', ')} are several series: what came in one may be missing in the next`;
    emit({ type: 'warning', text });
  }
  return kernels;
}

async function searchIn(
  versions: readonly Builds[],
  file: BugFile,
  options: BisectOptions,
  emit: Emit,
): Promise<Bisected> {
  const tried: Tried[] = [];
  const kernels: DebianKernel[] = versions.map(([best]) => best);
  const known: (BugVerdict | undefined)[] = kernels.map(() => undefined);
  [known[0], known[kernels.length - 1]] = ['not reproduced', 'reproduced'];
  const tryOne = async (at: number): Promise<BugVerdict> => {
    const builds = versions[at] as Builds;
    const kernel = (await buildToHave(builds, emit)) ?? builds[0];
    kernels[at] = kernel;
    emit({ type: 'note', text: `try ${tried.length + 1}: kernel ${kernel.version} (${kernel.name})` });
    const found = await verdictOn(kernel, file, options, emit);
    tried.push({ kernel, ...found });
    return found.verdict;
  };
  for (;;) {
    const found = search(known);
    if ('next' in found) {
      known[found.next] = await tryOne(found.next);
      continue;
    }
    // An end that was only said to be so is looked at before it is named.
    const ends = [found.before, found.after].filter((at) => !tried.some(({ kernel }) => kernel === kernels[at]));
    for (const at of ends) {
      const seen = await tryOne(at);
      requireAsSaid(kernels[at] as DebianKernel, known[at] as BugVerdict, seen, options, file);
    }
    const [good, bad] = [kernels[found.before], kernels[found.after]] as [DebianKernel, DebianKernel];
    const skipped = found.skipped.map((at) => kernels[at] as DebianKernel);
    return { kernels: kernels.length, tried, good, bad, skipped, changes: await changes(good, bad, emit) };
  }
}

/** The first build that the cache or the archive has; undefined where they have none. */
async function buildToHave(builds: Builds, emit: Emit): Promise<DebianKernel | undefined> {
  for (const build of builds) {
    try {
      await ensureDebianKernel(build, emit);
      return build;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
    }
  }
  return undefined;
}

/** @throws UndecidedError */
function requireAsSaid(
  kernel: DebianKernel,
  said: BugVerdict,
  seen: BugVerdict,
  { good, bad }: BisectOptions,
  { bug: { id } }: BugFile,
): void {
  if (seen === said) return;
  const end = said === 'reproduced' ? `--bad ${bad}` : `--good ${good}`;
  throw new UndecidedError(
    `${end}: on kernel ${kernel.version} ${seen === 'the lab broke' ? seen : `the bug was ${seen}`}`,
    {
      cause: 'all other kernels that were tried are as the other end is',
      tryThis: `lab bug ${id} --kernel ${kernel.name}`,
    },
  );
}

/** What is not known of a kernel is skipped, and never taken for bad: a machine that does not boot is no bug of IPVS. */
export async function verdictOn(
  { name }: DebianKernel,
  file: BugFile,
  options: Omit<LookOptions, 'mended'>,
  emit: Emit,
): Promise<Pick<Tried, 'verdict' | 'why'>> {
  try {
    const look = await lookForBug(file, { kernel: { all: name, nodes: {} }, ...options, mended: false }, emit);
    const unclear = look.verdict === 'the lab broke' ? 'neither what is wrong nor what is right was seen' : null;
    return { verdict: look.verdict, why: unclear };
  } catch (error) {
    const ofAll = [InterruptedError, LabFileError, UsageError, MissingPartError];
    if (!(error instanceof LabError) || ofAll.some((one) => error instanceof one)) throw error;
    const why = [error.message, error.facts.cause].filter(Boolean).join(': ');
    emit({ type: 'warning', text: `kernel ${name} is skipped: ${why}` });
    return { verdict: 'the lab broke', why };
  }
}

/** What Debian's changelog says of IPVS between two kernels. */
async function changes(good: DebianKernel, bad: DebianKernel, emit: Emit): Promise<Changes[]> {
  const [older, newer] = inTime({ good, bad });
  const { folder } = await ensureDebianKernel(newer, emit);
  const packed = await readFile(changelogIn(folder)).catch(() => undefined);
  if (!packed) return [];
  return ipvsChanges((await promisify(gunzip)(packed)).toString(), older.debian, newer.debian);
}

function documentOf({ bug }: BugFile, { kernels, tried, good, bad, skipped, changes: said }: Bisected) {
  const names = ({ name, version, debian }: DebianKernel) => ({ name, version, debian });
  return {
    schema: 'lvs-lab/bisect/1',
    bug: bug.id,
    kernels,
    tried: tried.map(({ kernel, verdict, why }) => ({ ...names(kernel), verdict, why })),
    good: names(good),
    bad: names(bad),
    skipped: skipped.map(names),
    changes: said,
  };
}

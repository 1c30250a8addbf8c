import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BuildError } from '../errors.ts';
import { exists, makePrivateFolder, removeTree, writeWhole } from '../host/files.ts';
import { takeLock } from '../host/lock.ts';
import type { DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { type Emit, secondsSince, stage } from '../report/events.ts';
import { type BuildRoot, ensureBuildRoot } from './build-root.ts';
import { runInside } from './inside.ts';
import { buildsInside, kbuildText, makeArguments, mistakesIn, progressIn } from './kbuild.ts';
import { patchedSources } from './patched.ts';
import { kindOf, requireSources, type Sources, sourcesIn } from './sources.ts';

export interface BuiltModules {
  kernel: DebianKernel;
  /** The folder that has them. */
  folder: string;
  /** Names of the files, ip_vs.ko first. */
  files: string[];
  seconds: number;
}

/**
 * Builds IPVS for a kernel of Debian. What did not change since the last build of the same source is not compiled again.
 * @param source a kernel's tree, a folder with the sources of IPVS, or a patch
 * @param to the folder that gets the modules, complete or not at all
 * @throws BuildError with the compiler's lines
 */
export async function buildModule(source: string, kernel: DebianKernel, to: string, emit: Emit): Promise<BuiltModules> {
  const start = performance.now();
  const kind = await kindOf(source);
  const root = await ensureBuildRoot(kernel, emit);
  const lock = await takeLock(`${root.folder}.build.lock`, {
    what: 'building a module',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the build root of ${kernel.name}: ${holder}` }),
  });
  try {
    const sources =
      kind.kind === 'patch' ? await patchedSources(root, kind.text, emit) : await sourcesIn(source, kind.kind);
    requireSources(sources, source);
    const name = createHash('sha256').update(resolve(source)).digest('hex').slice(0, 12);
    const build = join(root.tree, buildsInside, name);
    const { result: files } = await stage(
      emit,
      'build',
      `building IPVS for ${kernel.name}`,
      () => make(root, name, sources, emit),
      (made) => `built ip_vs and ${made.length - 1} other modules for ${kernel.name}`,
    );
    await handOver(build, files, to);
    return { kernel, folder: to, files, seconds: secondsSince(start) };
  } finally {
    lock.release();
  }
}

/** @returns names of the modules */
async function make(root: BuildRoot, name: string, sources: Sources, emit: Emit): Promise<string[]> {
  const build = join(root.tree, buildsInside, name);
  const inside = `${buildsInside}/${name}`;
  const unfinished = join(build, 'unfinished');
  // What a killed compiler has written looks like its result.
  if (await exists(unfinished)) await removeTree(build);
  await makePrivateFolder(build);
  await writeWhole(unfinished, '');
  await putSources(build, new Map([...sources, ['Kbuild', Buffer.from(kbuildText(inside))]]));
  const output: string[] = [];
  const command = makeArguments(root.headers, inside, availableParallelism());
  const { code } = await runInside(root.tree, command, {
    onLine: (line) => {
      output.push(line);
      const text = progressIn(line);
      if (text) emit({ type: 'progress', stage: 'build', text });
    },
  });
  const log = join(root.folder, `${name}.log`);
  await writeWhole(log, `${output.join('\n')}\n`);
  await rm(unfinished);
  if (code !== 0) {
    throw new BuildError(`IPVS could not be built for ${root.kernel.name}`, {
      tail: mistakesIn(output, inside).join('\n'),
      log,
    });
  }
  const files = (await readdir(build)).filter((file) => file.endsWith('.ko')).sort();
  return files.filter((file) => sources.has(`${file.slice(0, -'.ko'.length)}.c`) || file === 'ip_vs.ko');
}

/** Makes the folder have these files. Those that are as they were keep their dates, so that make leaves them alone. */
async function putSources(build: string, sources: Sources): Promise<void> {
  const headers = await readdir(join(build, 'include'), { recursive: true }).catch(() => []);
  const present = [...(await readdir(build)), ...headers.map((file) => join('include', file))];
  for (const name of present.filter((file) => /\.[ch]$/.test(file) && !/\.mod\.c$/.test(file))) {
    if (!sources.has(name)) await rm(join(build, name));
  }
  for (const [name, bytes] of sources) {
    const path = join(build, name);
    const before = await readFile(path).catch(() => undefined);
    if (!before?.equals(bytes)) await writeWhole(path, bytes);
  }
}

/** Puts the modules into a folder of their own, all at once. */
async function handOver(build: string, files: readonly string[], to: string): Promise<void> {
  const [draft, old] = [`${to}.draft`, `${to}.old`];
  await removeTree(draft);
  await makePrivateFolder(dirname(to));
  await makePrivateFolder(draft);
  for (const file of files) await copyFile(join(build, file), join(draft, file));
  await removeTree(old);
  if (await exists(to)) await rename(to, old);
  await rename(draft, to);
  await removeTree(old);
}

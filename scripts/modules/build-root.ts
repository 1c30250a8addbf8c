import { createHash } from 'node:crypto';
import { readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { exists, makePrivateFolder, removeTree } from '../host/files.ts';
import { takeLock } from '../host/lock.ts';
import { cacheFolder } from '../host/paths.ts';
import { requireDisk } from '../host/room.ts';
import { readState, writeState } from '../host/state-file.ts';
import { compareVersions } from '../model/kernels.ts';
import { downloadWithDependencies, namesWith } from '../providers/kernels/apt-packages.ts';
import type { DebianKernel } from '../providers/kernels/debian-kernel.ts';
import { type Emit, stage } from '../report/events.ts';

/** A folder with the headers of a kernel and the compiler that its packages name. */
export interface BuildRoot {
  kernel: DebianKernel;
  folder: string;
  /** What programs in it see as /. */
  tree: string;
  /** Folder of the headers, in the tree. */
  headers: string;
}

/** build-root.json: it is written last. */
interface Imprint {
  format: typeof rootFormat;
  debian: string;
  built: string;
}

const rootFormat = 1;

/** Programs that builds call beside what the headers package depends on. */
const programs = ['make', 'dash', 'coreutils', 'sed', 'grep', 'findutils', 'mawk', 'patch', 'tar', 'xz-utils'];

export function buildRootsFolder(): string {
  return join(cacheFolder(), 'build-roots');
}

function rootOf(kernel: DebianKernel): BuildRoot {
  const hash = createHash('sha256')
    .update([kernel.name, kernel.debian, ...programs].join('\n'))
    .digest('hex');
  const folder = join(buildRootsFolder(), `${kernel.name}-${hash.slice(0, 12)}`);
  return { kernel, folder, tree: join(folder, 'tree'), headers: `/usr/src/linux-headers-${kernel.name}` };
}

/**
 * The build root of a kernel of Debian's archive; makes it where it is missing.
 * @throws UsageError when the archive has no headers of this kernel
 */
export async function ensureBuildRoot(kernel: DebianKernel, emit: Emit): Promise<BuildRoot> {
  const root = rootOf(kernel);
  if (await isMade(root)) return root;
  const what = `fetching headers of ${kernel.name} and a compiler`;
  const lock = await takeLock(`${root.folder}.lock`, {
    what,
    onWait: (holder) => emit({ type: 'note', text: `waiting for the build root of ${kernel.name}: ${holder}` }),
  });
  try {
    if (!(await isMade(root))) await stage(emit, 'build', what, () => make(root, emit));
    return root;
  } finally {
    lock.release();
  }
}

async function isMade({ folder, kernel }: BuildRoot): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'build-root.json'));
  return imprint?.format === rootFormat && imprint.debian === kernel.debian;
}

async function make({ kernel, folder, headers }: BuildRoot, emit: Emit): Promise<void> {
  const draft = `${folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  await requireDisk({ [draft]: 700 }, 'a build root');
  try {
    const packages = [`linux-headers-${kernel.name}=${kernel.debian}`, ...programs];
    await downloadWithDependencies({ kernel, packages, folder: draft }).catch((error) => withNear(error, kernel));
    emit({ type: 'progress', stage: 'build', text: 'unpacking them' });
    await unpack(join(draft, 'debs'), join(draft, 'tree'));
    if (!(await exists(join(draft, 'tree', headers, 'Makefile')))) {
      throw new UsageError(`the packages of ${kernel.name} have no headers`);
    }
    for (const work of ['debs', 'sources', 'installed']) await removeTree(join(draft, work));
    const imprint: Imprint = { format: rootFormat, debian: kernel.debian, built: new Date().toISOString() };
    await writeState(join(draft, 'build-root.json'), imprint);
    await removeTree(folder);
    await rename(draft, folder);
  } catch (error) {
    await removeTree(draft);
    throw error;
  }
}

/** Unpacks packages without their scripts. The folders are those of a system whose /usr is merged. */
async function unpack(debs: string, tree: string): Promise<void> {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    await makePrivateFolder(join(tree, 'usr', folder));
    await symlink(join('usr', folder), join(tree, folder));
  }
  for (const folder of ['dev', 'tmp', 'build']) await makePrivateFolder(join(tree, folder));
  for (const name of (await readdir(debs)).filter((file) => file.endsWith('.deb')).sort()) {
    await run('sh', ['-euc', unpacker, 'sh', join(debs, name), tree], { timeoutMs: 300_000 });
  }
  // These links are made by scripts of the packages.
  for (const [link, target] of [
    ['awk', 'mawk'],
    ['sh', 'dash'],
  ] as const) {
    const path = join(tree, 'usr/bin', link);
    if (!(await exists(path))) await symlink(target, path);
  }
}

const unpacker = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"';

/** Names kernels near it that have headers: the archive drops headers sooner than kernels. */
async function withNear(error: unknown, kernel: DebianKernel): Promise<never> {
  if (!(error instanceof UsageError)) throw error;
  const near = nearKernels(kernel, await namesWith('linux-headers-'));
  throw new UsageError(`there are no headers of kernel ${kernel.name} ${kernel.debian} in Debian’s archive`, {
    cause: 'without them no module can be built for it; the archive drops headers sooner than kernels',
    tryThis: near.length > 0 ? `--kernel ${near.join(' or --kernel ')}: they are near` : 'lab kernels --update',
  });
}

/** Of the kernels with these names the nearest ones of the same series and flavour, at most two. */
export function nearKernels(
  { name, version }: Pick<DebianKernel, 'name' | 'version'>,
  names: readonly string[],
): string[] {
  const cloud = name.endsWith('-cloud-amd64');
  const seriesOf = (text: string) => text.split('.').slice(0, 2).join('.');
  const numbers = (text: string) => /^\d+(\.\d+)+/.exec(text)?.[0] ?? '';
  const keyOf = (text: string) => [...(text.match(/\d+/g) ?? [])].map(Number);
  const others = names
    .filter((one) => /^\d+\.\d+\.\d+.*-amd64$/.test(one) && one.endsWith('-cloud-amd64') === cloud && !/-rt-/.test(one))
    .filter((one) => seriesOf(numbers(one)) === seriesOf(version))
    .sort((one, other) => compareKeys(keyOf(one), keyOf(other)));
  const key = keyOf(name);
  const before = others.filter((one) => compareKeys(keyOf(one), key) < 0).at(-1);
  const after = others.find((one) => compareKeys(keyOf(one), key) > 0);
  return [before, after].filter((one) => one !== undefined);
}

function compareKeys(one: readonly number[], other: readonly number[]): number {
  return compareVersions(one.join('.'), other.join('.'));
}

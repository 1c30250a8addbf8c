import { copyFile, lstat, readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProviderError, UsageError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { exists, hashesOf, makePrivateFolder, removeTree, sizesOf } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { requireDisk } from '../../host/room.ts';
import { writeState } from '../../host/state-file.ts';
import type { KernelFiles } from '../../model/kernels.ts';
import { type Emit, stage } from '../../report/events.ts';
import { versionIn } from './boot-image.ts';
import { downloadPackage, kernelsFolder } from './catalog.ts';
import type { DebianKernel } from './debian-kernel.ts';
import { packLayer } from './pack-layer.ts';
import {
  changelogIn,
  imprintIn,
  type KernelImprint,
  kernelFiles,
  kernelFolder,
  kernelFormat,
  kernelKey,
  type StoredKernel,
  storedAt,
} from './stored-kernel.ts';

/** What a kernel is made of: a kernel image, and a folder usr/lib/modules/NAME. */
interface Ingredients {
  image: string;
  modules: string;
  /** Debian's changelog, compressed; without one for files of one's own. */
  changelog?: string | undefined;
}

type Origin = Pick<KernelImprint, 'name' | 'version' | 'flavour' | 'debian' | 'own'>;

/** A kernel of Debian's archive in the cache; downloads and unpacks it where it is missing. */
export function ensureDebianKernel(debian: DebianKernel, emit: Emit): Promise<StoredKernel> {
  const { name, version, flavour, packages } = debian;
  const hashes = packages.map(({ sha256 }) => sha256);
  const mib = Math.round(packages.reduce((sum, { size }) => sum + size, 0) / 2 ** 20);
  const what = `fetching kernel ${name}, ${mib} MiB`;
  return ensure({ name, version, flavour, debian }, hashes, what, (draft) => unpack(debian, draft), emit);
}

/**
 * A kernel of one's own in the cache: its files are copied, so that a later `make` does not change machines that run.
 * @throws UsageError when a file is missing, or when image and modules are of different versions
 */
export async function ensureOwnKernel(files: KernelFiles, emit: Emit): Promise<StoredKernel> {
  const bytes = await readFile(files.image).catch(() => undefined);
  if (!bytes)
    throw new UsageError(`there is no kernel image ${files.image}`, { tryThis: 'make, in the kernel’s tree' });
  const name = versionIn(bytes);
  if (!name) {
    throw new UsageError(`${files.image} is not a kernel for x86`, {
      cause: 'a kernel that can boot is arch/x86/boot/bzImage; vmlinux, beside it, is not',
    });
  }
  const modules = await modulesFor(name, files);
  const found = (await readdir(modules, { recursive: true })).filter((file) =>
    /\.ko(\.\w+)?$|modules\.builtin$/.test(file),
  );
  const hashes = await hashesOf([files.image, ...found.sort().map((file) => join(modules, file))]);
  const own = { name, version: /^[\d.]*\d/.exec(name)?.[0] ?? name, ...files };
  const origin: Origin = { name, version: own.version, flavour: 'own', own };
  return ensure(
    origin,
    hashes,
    `taking kernel ${name} from ${files.image}`,
    async () => ({ image: files.image, modules }),
    emit,
  );
}

/** The folder with the modules of this version. */
async function modulesFor(name: string, { image, modules }: KernelFiles): Promise<string> {
  const parents = ['lib/modules', 'usr/lib/modules', '.'].map((path) => join(modules, path));
  for (const parent of parents) if (await exists(join(parent, name, 'modules.order'))) return join(parent, name);
  if (basename(modules) === name && (await exists(join(modules, 'modules.order')))) return modules;
  const others = (await Promise.all(parents.map((parent) => readdir(parent).catch(() => []))))
    .flat()
    .filter((one) => /^\d+\.\d/.test(one));
  const mend = `make modules_install INSTALL_MOD_PATH=${modules}`;
  if (others.length === 0) throw new UsageError(`there are no modules in ${modules}`, { tryThis: mend });
  throw new UsageError(`${image} is kernel ${name}, and ${modules} has modules for ${others.join(', ')}`, {
    cause: 'a kernel loads only modules of exactly its own version',
    tryThis: mend,
  });
}

async function ensure(
  origin: Origin,
  contents: readonly string[],
  what: string,
  gather: (draft: string) => Promise<Ingredients>,
  emit: Emit,
): Promise<StoredKernel> {
  const key = kernelKey(origin.name, contents);
  const folder = kernelFolder(key);
  const stored = storedAt(key, origin);
  if (await imprintIn(folder)) return stored;
  const lock = await takeLock(`${folder}.lock`, {
    what,
    onWait: (holder) => emit({ type: 'note', text: `waiting for kernel ${origin.name}: ${holder}` }),
  });
  try {
    if (await imprintIn(folder)) return stored;
    await stage(
      emit,
      'kernel',
      what,
      () => make(key, origin, gather),
      () => `kernel ${origin.name} is there`,
    );
    return stored;
  } finally {
    lock.release();
  }
}

/** Makes a kernel in a draft folder, which is then renamed: so a killed command leaves no half kernel. */
async function make(key: string, origin: Origin, gather: (draft: string) => Promise<Ingredients>): Promise<void> {
  const start = performance.now();
  const folder = kernelFolder(key);
  const draft = `${folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(draft);
  await requireDisk({ [kernelsFolder()]: 800 }, 'unpacking a kernel');
  try {
    const { image, modules, changelog } = await gather(draft);
    await copyFile(image, join(draft, 'vmlinuz'));
    if (changelog) await copyFile(changelog, changelogIn(draft));
    await packLayer(origin.name, modules, draft);
    for (const work of ['debs', 'tree', 'layer']) await removeTree(join(draft, work));
    const imprint: KernelImprint = {
      format: kernelFormat,
      key,
      ...origin,
      built: new Date().toISOString(),
      seconds: Math.round((performance.now() - start) / 1000),
      sizes: await sizesOf(kernelFiles(draft)),
      hashes: await hashesOf(kernelFiles(draft)),
    };
    await writeState(join(draft, 'kernel.json'), imprint);
    await removeTree(folder);
    await rename(draft, folder);
  } catch (error) {
    await removeTree(draft);
    throw error;
  }
}

/** Downloads and unpacks the packages of a kernel. It needs no root: nothing is installed. */
async function unpack({ name, packages }: DebianKernel, draft: string): Promise<Ingredients> {
  const [debs, tree] = [join(draft, 'debs'), join(draft, 'tree')];
  await makePrivateFolder(debs);
  for (const one of packages) {
    const file = join(debs, `${one.name}.deb`);
    await downloadPackage(one, file);
    await run('dpkg-deb', ['--extract', file, tree], { timeoutMs: 300_000 });
  }
  // Debian 12 and older have them in /lib, newer ones in /usr/lib, and from 7.2 on the kernel lies beside them.
  for (const modules of ['usr/lib', 'lib'].map((folder) => join(tree, folder, 'modules', name))) {
    for (const image of [join(tree, 'boot', `vmlinuz-${name}`), join(modules, 'vmlinuz')]) {
      if ((await exists(modules)) && (await exists(image)))
        return { image, modules, changelog: await changelogOf(tree) };
    }
  }
  throw new ProviderError(`the packages of kernel ${name} have no kernel`, {
    cause: `they are ${packages.map((one) => one.name).join(', ')}`,
  });
}

/** The longest changelog of the packages: a metapackage's is a link, or says nothing. */
async function changelogOf(tree: string): Promise<string | undefined> {
  const docs = join(tree, 'usr', 'share', 'doc');
  const files = (await readdir(docs, { recursive: true }).catch(() => []))
    .filter((file) => /(^|\/)changelog(\.Debian)?\.gz$/.test(file))
    .map((file) => join(docs, file));
  const found = await Promise.all(files.map(async (file) => ({ file, size: (await lstat(file)).size })));
  return found.sort((one, other) => other.size - one.size)[0]?.file;
}

import { cp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, UsageError } from '../errors.ts';
import { lastLines, run } from '../host/exec.ts';
import { exists, makePrivateFolder, removeTree } from '../host/files.ts';
import { requireDisk } from '../host/room.ts';
import { downloadAlone } from '../providers/kernels/apt-packages.ts';
import { type Emit, stage } from '../report/events.ts';
import type { BuildRoot } from './build-root.ts';
import { runInside } from './inside.ts';
import { ipvsFolder, ipvsHeaders, type Sources, sourcesIn } from './sources.ts';

/**
 * The sources of IPVS that Debian has built a kernel from, with a patch. They stay in the build root.
 * @throws BuildError when the patch does not fit
 */
export async function patchedSources(root: BuildRoot, patch: string, emit: Emit): Promise<Sources> {
  const base = join(root.folder, 'source');
  if (!(await exists(base))) await stage(emit, 'build', what(root), () => fetchSource(root, base));
  const tree = join(root.tree, 'tmp', 'patched');
  await removeTree(tree);
  await cp(base, tree, { recursive: true });
  const { code, stdout, stderr } = await runInside(
    root.tree,
    ['patch', '--strip=1', '--force', '--directory=/tmp/patched'],
    { input: patch },
  );
  if (code === 0) return sourcesIn(tree, 'tree');
  throw new BuildError(`the patch does not fit the sources of ${root.kernel.debian}`, {
    tail: lastLines(`${stdout}\n${stderr}`, 8),
  });
}

const what = ({ kernel }: BuildRoot) => `fetching Debian’s source of ${kernel.debian}`;

/** Takes IPVS out of the package that has the whole source. */
async function fetchSource({ kernel, folder }: BuildRoot, base: string): Promise<void> {
  const draft = `${base}.draft`;
  await removeTree(draft);
  await makePrivateFolder(join(draft, 'tree'));
  await requireDisk({ [folder]: 400 }, 'the kernel’s source');
  const series = kernel.version.split('.').slice(0, 2).join('.');
  try {
    const packages = [`linux-source-${series}=${kernel.debian}`];
    await downloadAlone({ kernel, packages, folder: draft }).catch((error) => {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`Debian’s archive has no linux-source-${series} ${kernel.debian}`, {
        cause: 'a patch is applied to the source that its kernel was built from',
        tryThis: 'the same with a kernel’s tree in the place of the patch, or with another kernel',
      });
    });
    const [deb = ''] = (await readdir(join(draft, 'debs'))).filter((file) => file.endsWith('.deb'));
    const wanted = [ipvsFolder, ...ipvsHeaders].map((path) => `linux-source-${series}/${path}`);
    await run('sh', ['-euc', extractor, 'sh', join(draft, 'debs', deb), join(draft, 'tree'), ...wanted], {
      timeoutMs: 600_000,
    });
    await rename(join(draft, 'tree'), base);
  } finally {
    await removeTree(draft);
  }
}

const extractor = `deb=$1
tree=$2
shift 2
dpkg-deb --fsys-tarfile "$deb" | tar -x --to-stdout --wildcards './usr/src/linux-source-*.tar.xz' |
  tar -x --xz --strip-components=1 --no-same-owner -C "$tree" "$@"`;

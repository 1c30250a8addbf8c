import { readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { run } from '../host/exec.ts';
import { makePrivateFolder, removeTree } from '../host/files.ts';
import { requireDisk } from '../host/room.ts';
import { downloadAlone } from '../providers/kernels/apt-packages.ts';
import type { DebianKernel } from '../providers/kernels/debian-kernel.ts';

/**
 * Takes files and folders out of the package that has the whole source of a kernel.
 * @param paths in the kernel's tree
 * @param folder which must not be there; it gets them with these paths, all or none
 * @param reason why no other source will do, for the message
 * @throws UsageError when the archive has no source of this kernel
 */
export async function fetchDebianSource(
  kernel: DebianKernel,
  paths: readonly string[],
  folder: string,
  reason: Pick<UsageError['facts'], 'cause' | 'tryThis'>,
): Promise<void> {
  const draft = `${folder}.draft`;
  await removeTree(draft);
  await makePrivateFolder(join(draft, 'tree'));
  await requireDisk({ [dirname(folder)]: 400 }, 'the kernel’s source');
  const series = kernel.version.split('.').slice(0, 2).join('.');
  try {
    const packages = [`linux-source-${series}=${kernel.debian}`];
    await downloadAlone({ kernel, packages, folder: draft }).catch((error) => {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`Debian’s archive has no linux-source-${series} ${kernel.debian}`, reason);
    });
    const [deb = ''] = (await readdir(join(draft, 'debs'))).filter((file) => file.endsWith('.deb'));
    const wanted = paths.map((path) => `linux-source-${series}/${path}`);
    await run('sh', ['-euc', extractor, 'sh', join(draft, 'debs', deb), join(draft, 'tree'), ...wanted], {
      timeoutMs: 600_000,
    });
    await rename(join(draft, 'tree'), folder);
  } finally {
    await removeTree(draft);
  }
}

const extractor = `deb=$1
tree=$2
shift 2
dpkg-deb --fsys-tarfile "$deb" | tar -x --to-stdout --wildcards './usr/src/linux-source-*.tar.xz' |
  tar -x --xz --strip-components=1 --no-same-owner -C "$tree" "$@"`;

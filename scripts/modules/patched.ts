import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { exists, removeTree } from '../host/files.ts';
import { type Emit, stage } from '../report/events.ts';
import type { BuildRoot } from './build-root.ts';
import { fetchDebianSource } from './debian-source.ts';
import { runInside } from './inside.ts';
import { ipvsFolder, ipvsHeaders, type Sources, sourcesIn } from './sources.ts';

/**
 * The sources of IPVS that Debian has built a kernel from, with a patch. They stay in the build root.
 * @throws BuildError when the patch does not fit
 */
export async function patchedSources(root: BuildRoot, patch: string, emit: Emit): Promise<Sources> {
  const base = join(root.folder, 'source');
  if (!(await exists(base)))
    await stage(emit, 'build', what(root), () =>
      fetchDebianSource(root.kernel, [ipvsFolder, ...ipvsHeaders], base, {
        cause: 'a patch is applied to the source that its kernel was built from',
        tryThis: 'the same with a kernel’s tree in the place of the patch, or with another kernel',
      }),
    );
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

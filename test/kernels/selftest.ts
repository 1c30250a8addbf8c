import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { removeTree } from '../../scripts/host/files.ts';
import { fetchDebianSource } from '../../scripts/modules/debian-source.ts';
import { findDebianKernel } from '../../scripts/providers/kernels/ensure-kernel.ts';
import type { LabCommand } from '../e2e/lab.ts';
import type { Cell } from './row.ts';

/** The kernel's own test of IPVS and what it reads, by paths below `selftests`. */
export type Selftest = Map<string, string>;

const selftests = 'tools/testing/selftests';

/** The script in the tree of a kernel since 6.10. */
const script = 'net/netfilter/ipvs.sh';

/** Folders whose scripts it reads. */
const folders = ['net/netfilter', 'net', 'net/lib/sh'];

/** Takes it out of Debian's source of a kernel: the kit has no copy. @param word of the kernel: 6.12 */
export async function fetchedSelftest(word: string): Promise<Selftest> {
  const kernel = await findDebianKernel(word, 13, () => {});
  const work = await mkdtemp(join(tmpdir(), 'lab-selftest-'));
  try {
    await fetchDebianSource(kernel, [`${selftests}/net`], join(work, 'source'), {});
    return await selftestIn(join(work, 'source'));
  } finally {
    await removeTree(work);
  }
}

/** Reads it from the tree of a kernel. */
export async function selftestIn(tree: string): Promise<Selftest> {
  const root = join(tree, selftests);
  const found: Selftest = new Map();
  for (const folder of folders) {
    for (const name of await readdir(join(root, folder)).catch(() => [])) {
      const path = join(root, folder, name);
      if (/(^|-|_)lib\.sh$|^defer\.sh$|^ipvs\.sh$/.test(name))
        found.set(relative(root, path), await readFile(path, 'utf8'));
    }
  }
  if (!found.has(script)) throw new Error(`${root} has no ${script}`);
  return found;
}

/** Runs it on a machine, in network namespaces that it makes there. A test that skips itself has failed. */
export async function runSelftest(lab: LabCommand, name: string, node: string, selftest: Selftest): Promise<Cell> {
  const files = [...selftest].map(
    ([path, text]) => `mkdir -p "$(dirname ${path})"\ncat > ${path} <<'@@FILE'\n${text}\n@@FILE`,
  );
  await lab.on(name, node, ['rm -rf /run/selftests', 'mkdir /run/selftests', 'cd /run/selftests', ...files].join('\n'));
  const output = await lab.on(
    name,
    node,
    `cd /run/selftests/${join(script, '..')}; bash ./ipvs.sh 2>&1; echo "exit code $?"`,
  );
  const ok = /PASS/.test(output) && /^exit code 0$/m.test(output);
  const modes = output.match(/^Testing (\S+) mode/gm)?.length ?? 0;
  if (ok && modes > 0) return { ok, text: `${modes} modes`, failed: [] };
  return { ok: false, text: '✗', failed: output.trim().split('\n').slice(-6) };
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError, UsageError } from '../errors.ts';

/** The folder of IPVS in a kernel's tree. */
export const ipvsFolder = 'net/netfilter/ipvs';

/** Headers beside it that belong to IPVS. They come from the same tree, in the place of those of the headers package. */
export const ipvsHeaders = ['include/net/ip_vs.h', 'include/uapi/linux/ip_vs.h'] as const;

/** Files to build, by their paths in the build folder: ip_vs_core.c, include/net/ip_vs.h. */
export type Sources = ReadonlyMap<string, Buffer>;

/** What SOURCE is. */
export type SourceKind =
  /** A kernel's tree. */
  | { kind: 'tree' }
  /** A folder that has the sources of IPVS alone. */
  | { kind: 'folder' }
  /** A patch for a kernel's tree. */
  | { kind: 'patch'; text: string };

/** @throws UsageError when it is nothing that can be built */
export async function kindOf(source: string): Promise<SourceKind> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new UsageError(`there is no ${source}`, { tryThis: help });
  if (found.isFile()) {
    const text = await readFile(source, 'utf8');
    requireIpvsPatch(source, text);
    return { kind: 'patch', text };
  }
  if (await isThere(join(source, ipvsFolder, 'Makefile'))) return { kind: 'tree' };
  if (await isThere(join(source, 'ip_vs_core.c'))) return { kind: 'folder' };
  throw new UsageError(`${source} has no sources of IPVS`, {
    cause: `there is neither ${ipvsFolder}/Makefile nor ip_vs_core.c in it`,
    tryThis: help,
  });
}

const help = 'a kernel’s tree, a folder with the sources of IPVS, or a patch for a kernel’s tree';

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The sources of IPVS in a tree, or in a folder that has nothing else. */
export async function sourcesIn(folder: string, kind: 'tree' | 'folder'): Promise<Sources> {
  const ipvs = kind === 'tree' ? join(folder, ipvsFolder) : folder;
  const names = (await readdir(ipvs)).filter((name) => /\.[ch]$|^(Makefile|Kconfig)$/.test(name)).sort();
  const headers = kind === 'tree' ? ipvsHeaders : [];
  const found = new Map<string, Buffer>();
  for (const name of names) found.set(name, await readFile(join(ipvs, name)));
  for (const name of headers) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes) found.set(name, bytes);
  }
  return found;
}

/** Files that a patch changes, by their paths in the tree: the names behind +++, or --- of a file that it removes. */
export function patchedFiles(patch: string): string[] {
  const heads = [...patch.matchAll(/^--- (\S+).*\n\+\+\+ (\S+)/gm)];
  const names = heads.map(([, before = '', after = '']) => (after === '/dev/null' ? before : after));
  return [...new Set(names.map((name) => name.replace(/^[^/]+\//, '')))];
}

/** @throws UsageError for a file that is no patch, and for a patch of more than a module can change */
function requireIpvsPatch(source: string, text: string): void {
  const files = patchedFiles(text);
  if (files.length === 0) {
    throw new UsageError(`${source} is no patch`, {
      cause: 'it has no lines --- a/FILE and +++ b/FILE',
      tryThis: `git diff, git format-patch or diff -ru make one; or name ${help}`,
    });
  }
  const others = files.filter((file) => !file.startsWith(`${ipvsFolder}/`) && !ipvsHeaders.some((one) => one === file));
  if (others.length === 0) return;
  throw new UsageError(`${source} changes ${others[0]}`, {
    cause: `only ${ipvsFolder} is built, with ${ipvsHeaders.join(' and ')}`,
    tryThis: 'build the whole kernel: docs/bugs.md',
  });
}

/** @throws BuildError when there is nothing to build */
export function requireSources(sources: Sources, where: string): void {
  for (const needed of ['Makefile', 'ip_vs_core.c']) {
    if (!sources.has(needed)) throw new BuildError(`${where} has no ${needed}`);
  }
}

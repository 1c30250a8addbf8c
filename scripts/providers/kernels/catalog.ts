import { join } from 'node:path';
import { ProviderError } from '../../errors.ts';
import { lastLines, run } from '../../host/exec.ts';
import { makePrivateFolder, readIfThere, writeWhole } from '../../host/files.ts';
import { takeLock } from '../../host/lock.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { type Emit, stage } from '../../report/events.ts';
import { archiveSuites, configurationText, missingSuites, sourcesText } from './archive.ts';
import type { KernelPackage } from './debian-kernel.ts';
import { findMirrors } from './mirrors.ts';
import { joined, kernelsIn, type ListedKernels } from './package-list.ts';

/** The kernels of Debian's archive, as it was at some time. */
export interface Catalog extends ListedKernels {
  format: typeof catalogFormat;
  /** When it was read: ISO 8601. */
  updated: string;
  /** Suites that the archive does not have. */
  missing: string[];
}

const catalogFormat = 1;

export function kernelsFolder(): string {
  return join(cacheFolder(), 'kernels');
}

const catalogFile = () => join(kernelsFolder(), 'catalog.json');

/** apt's own folder: lists of packages, and its configuration. */
export const aptFolder = () => join(kernelsFolder(), 'apt');

/** Where the lists that apt has are from: sources.list(5). */
export const sourcesFile = () => join(aptFolder(), 'sources', 'debian.sources');

/** The catalog as it was last read; undefined if it never was. */
export async function readCatalog(): Promise<Catalog | undefined> {
  const found = await readState<Catalog>(catalogFile());
  return found?.format === catalogFormat ? found : undefined;
}

/**
 * Reads Debian's archive anew: its lists, whose signatures apt verifies.
 * @throws ProviderError when no list can be had; the last catalog then stays
 */
export async function updateCatalog(emit: Emit): Promise<Catalog> {
  const lock = await takeLock(join(kernelsFolder(), 'catalog.lock'), {
    what: 'reading Debian’s archive',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the catalog of kernels: ${holder}` }),
  });
  try {
    const { result } = await stage(emit, 'kernel', 'reading which kernels Debian’s archive has', update, (catalog) => {
      return `${catalog.kernels.length} kernels in Debian’s archive`;
    });
    return result;
  } finally {
    lock.release();
  }
}

async function update(): Promise<Catalog> {
  const mirrors = await findMirrors();
  const env = await prepareApt();
  await writeWhole(sourcesFile(), `${sourcesText(mirrors)}\n`);
  const { stderr } = await run('apt-get', ['update'], { env, anyExitCode: true, timeoutMs: 600_000 });
  const format = '$(RELEASE)\t$(FILENAME)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], { env });
  const missing = missingSuites(stderr);
  const lists: ListedKernels[] = [];
  for (const line of stdout.split('\n')) {
    const [suite = '', file = ''] = line.split('\t');
    const known = archiveSuites.find((one) => one.suite === suite);
    if (!known || missing.includes(suite)) continue;
    const list = await run(aptHelper, ['cat-file', file], { env, timeoutMs: 120_000 });
    lists.push(kernelsIn(list.stdout, known.word, mirrors[known.from]));
  }
  const catalog: Catalog = {
    format: catalogFormat,
    updated: new Date().toISOString(),
    ...joined(lists),
    missing,
  };
  if (catalog.kernels.length === 0) {
    throw new ProviderError('Debian’s archive cannot be read', {
      cause: 'there is no network, or a proxy that apt does not know of',
      tail: lastLines(stderr, 4),
      tryThis: 'lab kernels --update',
    });
  }
  await writeState(catalogFile(), catalog);
  return catalog;
}

/** apt's program for scripts: it reads lists, and downloads single files. */
const aptHelper = '/usr/lib/apt/apt-helper';

/** Writes apt's configuration. @returns the environment in which apt uses it */
export async function prepareApt(): Promise<Record<string, string>> {
  const folder = aptFolder();
  await makePrivateFolder(join(folder, 'lists', 'partial'));
  await makePrivateFolder(join(folder, 'archives', 'partial'));
  const { stdout } = await run('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']);
  const configuration = join(folder, 'apt.conf');
  const files = {
    [configuration]: configurationText(folder, stdout),
    [join(folder, 'status')]: '',
  };
  for (const [file, text] of Object.entries(files)) {
    if ((await readIfThere(file)) !== text) await writeWhole(file, text);
  }
  return { APT_CONFIG: configuration, LC_ALL: 'C' };
}

/** Downloads a package. apt compares it with the hash in the list that was signed. @throws ProviderError */
export async function downloadPackage({ name, uri, sha256 }: KernelPackage, file: string): Promise<void> {
  const env = await prepareApt();
  const { code, stderr } = await run(aptHelper, ['download-file', uri, file, `SHA256:${sha256}`], {
    env,
    anyExitCode: true,
    timeoutMs: 1_800_000,
  });
  if (code === 0) return;
  throw new ProviderError(`${name} could not be downloaded`, {
    cause: /404 +Not Found/.test(stderr)
      ? 'Debian’s archive does not have this file any more'
      : lastLines(stderr, 3)?.split('\n')[0],
    tryThis: 'lab kernels --update',
  });
}

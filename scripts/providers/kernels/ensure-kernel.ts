import { ProviderError } from '../../errors.ts';
import type { KernelWish } from '../../model/kernels.ts';
import type { Release } from '../../model/words.ts';
import type { Emit } from '../../report/events.ts';
import { type Catalog, readCatalog, updateCatalog } from './catalog.ts';
import type { DebianKernel } from './debian-kernel.ts';
import { noSuchKernel, resolveKernel } from './resolve.ts';
import { ensureDebianKernel, ensureOwnKernel } from './store.ts';
import { keptKernels, type StoredKernel } from './stored-kernel.ts';

/**
 * The kernel that a lab file wants, in the cache. Debian's archive is read when that was never done, or when a catalog of
 * another day does not have it; else the last catalog counts, so that a lab has the same kernel each time.
 * @throws UsageError when nobody has such a kernel
 */
export async function ensureKernel(wish: KernelWish, release: Release, emit: Emit): Promise<StoredKernel> {
  if (typeof wish !== 'string') return ensureOwnKernel(wish, emit);
  return ensureDebianKernel(await findDebianKernel(wish, release, emit), emit);
}

/** The kernel of Debian's archive that a word means, whether it is in the cache or not. @throws UsageError when there is none */
export async function findDebianKernel(wish: string, release: Release, emit: Emit): Promise<DebianKernel> {
  const kept = (await keptKernels()).flatMap(({ debian }) => debian ?? []);
  let catalog = await readCatalog();
  let found = resolveKernel(wish, release, { catalog, kept });
  if (!found && (!catalog || dayOf(catalog.updated) !== dayOf(new Date().toISOString()))) {
    catalog = await newCatalog(catalog, emit);
    found = resolveKernel(wish, release, { catalog, kept });
  }
  if (!found) throw noSuchKernel(wish, { catalog, kept });
  return found;
}

/** The archive as it is now; where it cannot be read, as it was. */
async function newCatalog(last: Catalog | undefined, emit: Emit): Promise<Catalog> {
  try {
    return await updateCatalog(emit);
  } catch (error) {
    if (!last || !(error instanceof ProviderError)) throw error;
    emit({ type: 'warning', text: `${error.message}; the catalog of ${last.updated.slice(0, 10)} is used` });
    return last;
  }
}

/** 2026-11-30 */
function dayOf(time: string): string {
  return time.slice(0, '2026-11-30'.length);
}

import { userInfo } from 'node:os';
import { $ } from 'zx';
import { MissingPartError } from '../scripts/errors.ts';
import { which } from '../scripts/host/which.ts';

/** Installs what only the tests need, where that needs no password. */
export async function ensureTools(packages: readonly string[]): Promise<void> {
  const found = await Promise.all(packages.map(which));
  const missing = packages.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  const prefix = userInfo().uid === 0 ? [] : ['sudo', '-n'];
  const apt = $({ quiet: true, nothrow: true });
  await apt`${prefix} apt-get update`;
  const { exitCode } = await apt`${prefix} apt-get install --yes --no-install-recommends ${missing}`;
  if (exitCode !== 0) {
    throw new MissingPartError(`the tests need ${missing.join(' ')}`, {
      tryThis: `sudo apt-get install ${missing.join(' ')}`,
    });
  }
}

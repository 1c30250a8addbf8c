import { userInfo } from 'node:os';
import { $ } from 'zx';
import { MissingPartError } from '../scripts/errors.ts';
import { exists } from '../scripts/host/files.ts';
import { which } from '../scripts/host/which.ts';

/**
 * Installs what only the tests need, where that needs no password.
 * @param parts Debian package by program, or by a file's full path
 */
export async function ensureTools(parts: Record<string, string>): Promise<void> {
  const found = await Promise.all(
    Object.entries(parts).map(async ([part, from]) => {
      const there = part.startsWith('/') ? await exists(part) : (await which(part)) !== undefined;
      return there ? [] : [from];
    }),
  );
  const missing = [...new Set(found.flat())];
  if (missing.length === 0) return;
  const prefix = userInfo().uid === 0 ? [] : ['sudo', '-n'];
  const apt = $({ quiet: true, nothrow: true });
  await apt`${prefix} apt-get update`;
  const { exitCode } =
    await apt`${prefix} env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${missing}`;
  if (exitCode !== 0) {
    throw new MissingPartError(`the tests need ${missing.join(' ')}`, {
      tryThis: `sudo apt-get install ${missing.join(' ')}`,
    });
  }
}

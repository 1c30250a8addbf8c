import { $ } from 'zx';
import { MissingPartError } from '../errors.ts';
import type { Part } from '../providers/provider-info.ts';
import { type Emit, stage } from '../report/events.ts';
import { agreed, canAsk } from './ask.ts';
import { lastLines } from './exec.ts';
import { findParts, installCommand } from './requirements.ts';
import { isRoot } from './user.ts';
import { which } from './which.ts';

interface SetupOptions {
  /** Install nothing: the option --no-setup. */
  forbidden: boolean;
}

/**
 * Installs missing parts with apt. It asks first if sudo needs a password and there is a terminal.
 * @throws MissingPartError with the command that installs the parts
 */
export async function ensureParts(parts: readonly Part[], { forbidden }: SetupOptions, emit: Emit): Promise<void> {
  const missing = (await findParts(parts)).filter(({ there }) => !there);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((part) => part.package))];
  const way = await wayToInstall();
  if (forbidden || way === 'none' || (way === 'sudo-with-password' && !(await confirm(packages)))) {
    throw missingParts(missing, packages);
  }
  const prefix = way === 'root' ? [] : ['sudo'];
  await stage(emit, 'setup', `installing ${packages.join(' ')}`, async () => {
    // sudo asks for a password on the terminal, even if its input and output go elsewhere.
    const apt = $({ quiet: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const environment = 'DEBIAN_FRONTEND=noninteractive';
    try {
      await apt`${prefix} apt-get update`;
      await apt`${prefix} env ${environment} apt-get install --yes --no-install-recommends ${packages}`;
    } catch (error) {
      throw new MissingPartError(`apt-get could not install ${packages.join(' ')}`, {
        tail: lastLines((error as { stderr?: string }).stderr ?? '', 6),
        tryThis: installCommand(packages),
      });
    }
  });
  const still = (await findParts(parts)).filter(({ there }) => !there);
  if (still.length > 0) throw missingParts(still, packages);
}

function missingParts(missing: readonly Part[], packages: readonly string[]): MissingPartError {
  const parts = missing.map(({ part, what }) => `${part} (${what})`).join(', ');
  return new MissingPartError(`missing on this computer: ${parts}`, { tryThis: installCommand(packages) });
}

/** How the kit can install packages on this computer. */
export async function wayToInstall(): Promise<'root' | 'sudo' | 'sudo-with-password' | 'none'> {
  if (!(await which('apt-get'))) return 'none';
  if (isRoot()) return 'root';
  if (!(await which('sudo'))) return 'none';
  const { exitCode } = await $({ nothrow: true, quiet: true })`sudo -n true`;
  if (exitCode === 0) return 'sudo';
  return canAsk() ? 'sudo-with-password' : 'none';
}

function confirm(packages: readonly string[]): Promise<boolean> {
  return agreed(`Missing: ${packages.join(' ')}. Install them with sudo apt-get?`, 'anything was installed');
}

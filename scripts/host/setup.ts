import { createInterface } from 'node:readline/promises';
import { $ } from 'zx';
import { InterruptedError, MissingPartError } from '../errors.ts';
import type { Part } from '../providers/provider-info.ts';
import { type Emit, stage } from '../report/events.ts';
import { lastLines } from './exec.ts';
import { findParts, installCommand } from './requirements.ts';
import { isRoot } from './user.ts';
import { which } from './which.ts';

export interface SetupOptions {
  /** --no-setup: name what is missing, install nothing. */
  forbidden: boolean;
}

/**
 * Installs what is missing with apt: without a question when that needs no password, after one on a terminal.
 * @throws MissingPartError with the command that brings the missing parts
 */
export async function ensureParts(parts: readonly Part[], { forbidden }: SetupOptions, emit: Emit): Promise<void> {
  const missing = (await findParts(parts)).filter(({ there }) => !there);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((part) => part.package))];
  const way = await wayToInstall();
  if (forbidden || way === 'none' || (way === 'sudo-with-password' && !(await agreed(packages)))) {
    throw lacking(missing, packages);
  }
  const prefix = way === 'root' ? [] : ['sudo'];
  await stage(emit, 'setup', `installing ${packages.join(' ')}`, async () => {
    // sudo asks for a password on the terminal, wherever its input and output go.
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
  if (still.length > 0) throw lacking(still, packages);
}

function lacking(missing: readonly Part[], packages: readonly string[]): MissingPartError {
  const parts = missing.map(({ part, what }) => `${part} (${what})`).join(', ');
  return new MissingPartError(`missing on this computer: ${parts}`, { tryThis: installCommand(packages) });
}

/** How packages can be installed here. */
export async function wayToInstall(): Promise<'root' | 'sudo' | 'sudo-with-password' | 'none'> {
  if (!(await which('apt-get'))) return 'none';
  if (isRoot()) return 'root';
  if (!(await which('sudo'))) return 'none';
  const { exitCode } = await $({ nothrow: true, quiet: true })`sudo -n true`;
  if (exitCode === 0) return 'sudo';
  return process.stdin.isTTY && process.stderr.isTTY ? 'sudo-with-password' : 'none';
}

async function agreed(packages: readonly string[]): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Missing: ${packages.join(' ')}. Install them with sudo apt-get? [Y/n] `);
    return /^(y(es)?)?$/i.test(answer.trim());
  } catch {
    throw new InterruptedError('interrupted; nothing was installed'); // Ctrl-C or Ctrl-D at the question
  } finally {
    terminal.close();
  }
}

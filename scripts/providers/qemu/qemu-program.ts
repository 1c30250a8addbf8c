import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingPartError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { mayBecomeNobody, nobody } from '../../host/user.ts';
import { which } from '../../host/which.ts';

export const qemuName = 'qemu-system-x86_64';

/** The first version that knows all options of a machine's command line; -machine memory-backend= came with 5.0. */
const oldestVersion = 5;

/** The QEMU of this computer. */
export interface QemuProgram {
  path: string;
  /** As in "7.2.22 (Debian 1:7.2+dfsg-7)". */
  version: string;
  /** Whether it can connect NICs to a vde_switch. Debian's QEMU can, Ubuntu's is built without. */
  vde: boolean;
  /** The option with which it changes its user: -run-with user= since 9.1, -runas before. */
  userOption: 'run-with' | 'runas' | null;
}

interface Remembered extends QemuProgram {
  stamp: string;
}

/**
 * Asks QEMU for its version and options, and remembers the answers: starting QEMU takes longer than anything else that a command
 * does before its machines start.
 * @throws MissingPartError when QEMU is missing or too old
 */
export async function findQemu(): Promise<QemuProgram> {
  const path = await which(qemuName);
  if (!path) throw new MissingPartError(`${qemuName} is not installed`, { tryThis: 'lab doctor' });
  const { size, mtimeMs } = await stat(path);
  const stamp = `${path} ${size} ${mtimeMs}`;
  const file = join(cacheFolder(), 'probes', 'qemu.json');
  const remembered = await readState<Remembered>(file);
  if (remembered?.stamp === stamp && remembered.userOption !== undefined) return remembered;
  const ask = async (...args: string[]) => (await run(path, args, { timeoutMs: 60_000 })).stdout;
  const version = /version (.*)/.exec(await ask('--version'))?.[1] ?? 'unknown';
  if (Number.parseInt(version, 10) < oldestVersion) {
    throw new MissingPartError(`QEMU ${version} is too old: ${oldestVersion}.0 or later is needed`, {
      cause: `it is ${path}`,
      tryThis: 'a supported release of Debian or Ubuntu, or lab up --provider vagrant',
    });
  }
  const vde = /^vde$/m.test(await ask('-netdev', 'help'));
  const found: Remembered = { stamp, path, version, vde, userOption: userOptionIn(await ask('-help')) };
  await writeState(file, found);
  return found;
}

function userOptionIn(help: string): QemuProgram['userOption'] {
  if (/^-run-with .*user=/m.test(help)) return 'run-with';
  return /^-runas /m.test(help) ? 'runas' : null;
}

/**
 * Options with which a machine that root starts becomes the user nobody when it has opened its files; empty for other users. The
 * user nobody has no privilege to give up or to gain, so the sandbox can allow the change of user.
 */
export function unprivileged({ userOption }: QemuProgram): string[] {
  if (!userOption || !mayBecomeNobody()) return [];
  const user = `${nobody}:${nobody}`;
  return userOption === 'run-with' ? ['-run-with', `user=${user}`] : ['-runas', user];
}

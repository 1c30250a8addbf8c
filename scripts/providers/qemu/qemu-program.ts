import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingPartError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { cacheFolder } from '../../host/paths.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { which } from '../../host/which.ts';

export const qemuName = 'qemu-system-x86_64';

/** The QEMU of this computer. */
export interface QemuProgram {
  path: string;
  /** As in "7.2.22 (Debian 1:7.2+dfsg-7)". */
  version: string;
  /** Whether it can plug NICs into a vde_switch: Debian's can, Ubuntu's is built without. */
  vde: boolean;
}

interface Remembered extends QemuProgram {
  stamp: string;
}

/**
 * Asks QEMU what it is, once for each QEMU: starting it takes longer than anything else a command does before its
 * machines start.
 * @throws MissingPartError when there is none
 */
export async function findQemu(): Promise<QemuProgram> {
  const path = await which(qemuName);
  if (!path) throw new MissingPartError(`${qemuName} is not installed`, { tryThis: 'lab doctor' });
  const { size, mtimeMs } = await stat(path);
  const stamp = `${path} ${size} ${mtimeMs}`;
  const file = join(cacheFolder(), 'probes', 'qemu.json');
  const remembered = await readState<Remembered>(file);
  if (remembered?.stamp === stamp) return remembered;
  const version = /version (.*)/.exec((await run(path, ['--version'], { timeoutMs: 20_000 })).stdout)?.[1] ?? 'unknown';
  const { stdout: netdevs } = await run(path, ['-netdev', 'help'], { timeoutMs: 20_000 });
  const found: Remembered = { stamp, path, version, vde: /^vde$/m.test(netdevs) };
  await writeState(file, found);
  return found;
}

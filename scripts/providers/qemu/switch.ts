import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { exists, removeTree } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import { waitFor } from '../../host/wait.ts';
import { managementOf, switchFolder } from './lab-processes.ts';
import type { Plug } from './machine-arguments.ts';
import type { QemuProgram } from './qemu-program.ts';

/** More than the nodes of any lab; model/limits.ts limits the real servers. */
export const nodePorts = 128;

/** Each port of a node has two more, for a line that is not all right: see line-cable.ts. */
const ports = 3 * nodePorts;

/** What a NIC on this network is connected to: a vde_switch, or a multicast group on loopback if QEMU has no vde. */
export function plugInto(place: Place, network: string, qemu: QemuProgram): Plug {
  const wish = process.env.LAB_SWITCH;
  if (wish && wish !== 'multicast' && wish !== 'vde') {
    throw new UsageError(`LAB_SWITCH=${wish}`, { tryThis: 'LAB_SWITCH=vde or LAB_SWITCH=multicast' });
  }
  if (qemu.vde && wish !== 'multicast') return { kind: 'vde', folder: switchFolder(place, network) };
  const hash = createHash('sha256').update(`${place.id}/${network}`).digest();
  // 239.192.0.0/14 is for use inside an organisation (RFC 2365); on loopback it does not leave the computer.
  const group = `239.192.${hash[0]}.${(hash[1] ?? 0) | 1}`;
  return { kind: 'multicast', group, port: 20000 + ((((hash[2] ?? 0) << 8) | (hash[3] ?? 0)) % 40000) };
}

/** Starts the switch of a network. */
export async function startSwitch(place: Place, network: string, program: string): Promise<void> {
  await startSwitchIn(switchFolder(place, network), `switch of network ${network}`, ports, program);
}

/** Starts a switch. Only this user can connect to it. */
export async function startSwitchIn(folder: string, what: string, count: number, program: string): Promise<void> {
  const management = managementOf(folder);
  await Promise.all([folder, management].map(removeTree));
  await run(
    program,
    [
      ['--sock', folder, '--dirmode', '0700', '--mode', '0600', '--numports', String(count)],
      ['--mgmt', management, '--mgmtmode', '0600', '--rcfile', '/dev/null', '--daemon'],
    ].flat(),
    { timeoutMs: 30_000 },
  );
  await waitFor(async () => (await exists(join(folder, 'ctl'))) || undefined, {
    what,
    deadlineMs: 30_000,
    everyMs: 5,
  });
}

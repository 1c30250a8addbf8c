import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '../../errors.ts';
import type { Effort } from '../../host/patience.ts';
import { waitFor } from '../../host/wait.ts';
import type { Listening } from './json-lines.ts';
import type { Monitor } from './monitor.ts';
import { receive } from './receive.ts';

/** Loads the device state that QEMU inherited as descriptor 3. Its memory is mapped already. The machine does not go on yet. */
export async function loadState(monitor: Monitor, who: string, listening: Listening): Promise<void> {
  await monitor.ignoreSharedMemory();
  await monitor.restoreFrom(3);
  await waitFor(async () => ((await monitor.state()) === 'inmigrate' ? undefined : true), {
    what: `memory of ${who}`,
    ...listening,
    everyMs: 5,
  });
}

/** Waits until QEMU has sent all that it saves, or has failed at it. @throws ConnectionError when neither comes, or what `over` is aborted with */
export function endOfSaving(
  monitor: Monitor,
  what: string,
  effort: Effort | undefined,
  over?: AbortSignal,
): Promise<'completed' | 'failed'> {
  const look = async () => {
    over?.throwIfAborted();
    const status = await monitor.saveStatus();
    return status === 'completed' || status === 'failed' ? status : undefined;
  };
  return waitFor(look, { what, deadlineMs: 60_000, effort, everyMs: 20 });
}

/** Stops the machine and saves its device state. Its memory is in the shared file already. */
export async function saveState(
  monitor: Monitor,
  effort: Effort | undefined,
  state: string,
  socket: string,
): Promise<void> {
  await monitor.ignoreSharedMemory();
  await monitor.stop();
  const received = receive(socket, (connection) => pipeline(connection, createWriteStream(state, { mode: 0o600 })));
  await received.listening;
  await monitor.saveTo(socket);
  const status = await endOfSaving(monitor, 'device state of the template machine', effort);
  if (status === 'failed') throw new ProviderError('QEMU could not save the template machine');
  await received.taken;
  await monitor.quit();
  monitor.close();
}

import { type FileHandle, open } from 'node:fs/promises';
import { ProviderError } from '../../errors.ts';
import { writeWhole } from '../../host/files.ts';
import { type Effort, withProgress } from '../../host/patience.ts';
import { memoryId } from './machine-arguments.ts';
import type { Monitor } from './monitor.ts';
import { receive } from './receive.ts';
import { endOfSaving } from './saved-state.ts';
import { splitStream } from './saved-stream.ts';

interface Files {
  memory: string;
  state: string;
}

/**
 * Saves a machine that stands still. Its memory becomes a sparse file that machines can map, like that of a template.
 * @param socket where QEMU sends it; it may run as another user
 * @param size of its memory, in MiB
 * @param over ends it when it is aborted. However it ends, nothing is written any more; QEMU may go on for a moment
 */
export async function saveMachine(
  { monitor, effort, node }: { monitor: Monitor; effort: Effort; node: string },
  socket: string,
  size: number,
  files: Files,
  over: AbortSignal,
): Promise<void> {
  await monitor.ignoreSharedMemory();
  await monitor.saveAtFullSpeed();
  let bytes = 0;
  const counted = async function* (connection: AsyncIterable<Buffer>) {
    for await (const chunk of connection) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const received = receive(socket, (connection) => write(counted(connection), size, files), { anybody: true });
  const end = () => void received.close();
  over.addEventListener('abort', end);
  try {
    await received.listening;
    over.throwIfAborted();
    await monitor.saveTo(socket);
    const status = await endOfSaving(
      monitor,
      `saving ${node}`,
      withProgress(effort, () => bytes),
      over,
    );
    // It may have failed because what it sent could not be written, as on a full disk.
    if (status === 'completed' || received.begun()) await received.taken;
    if (status === 'failed') throw new ProviderError('QEMU could not save the machine', { node });
  } finally {
    over.removeEventListener('abort', end);
    await received.close();
  }
}

async function write(stream: AsyncIterable<Buffer>, size: number, files: Files): Promise<void> {
  const state: Buffer[] = [];
  const memory = await open(files.memory, 'wx', 0o600);
  try {
    await memory.truncate(size * 2 ** 20);
    await splitStream(stream, memoryId, {
      memory: (at, pages) => writeAll(memory, at, pages),
      state: (bytes) => state.push(Buffer.from(bytes)),
    });
  } finally {
    await memory.close();
  }
  await writeWhole(files.state, Buffer.concat(state));
}

/** A file system that is full takes a part, and says so only when the rest is written. */
async function writeAll(file: FileHandle, at: number, pages: readonly Buffer[]): Promise<void> {
  let done = (await file.writev([...pages], at)).bytesWritten;
  const total = pages.reduce((sum, page) => sum + page.length, 0);
  while (done < total) {
    done += (await file.write(Buffer.concat(pages), done, total - done, at + done)).bytesWritten;
  }
}

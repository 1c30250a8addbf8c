import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectionError, InterruptedError } from '../errors.ts';
import { run } from './exec.ts';
import { makePrivateFolder } from './files.ts';
import { patient } from './patience.ts';

export interface Lock {
  /** The open file. A program that gets it holds the lock as well, until it ends. */
  fd: number;
  release(): void;
}

interface LockOptions {
  /** What the holder does, shown to those who wait: "lab up dr". */
  what: string;
  /** Called once when another process holds the lock, with the `what` of that process. */
  onWait?: (holder: string) => void;
  /** Seconds to wait; by default one hour, and up to ten on a busy computer. */
  waitSeconds?: number;
  /** Ends the wait when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** Takes a lock if it is free, or becomes free within `waitSeconds`. */
export async function tryLock(path: string, what: string, waitSeconds = 0): Promise<Lock | undefined> {
  try {
    return await takeLock(path, { what, waitSeconds });
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

/**
 * Takes an flock(2) lock on a file. flock(1) locks the open file that this process shares with it. The kernel releases the lock
 * when this process ends, however it ends, so no stale lock is left.
 * @throws ConnectionError when the lock is still held after `waitSeconds`, InterruptedError when `signal` is aborted
 */
export async function takeLock(
  path: string,
  { what, onWait, waitSeconds = patient(3_600_000) / 1000, signal }: LockOptions,
): Promise<Lock> {
  await makePrivateFolder(dirname(path));
  const fd = openSync(path, 'a+', 0o600);
  let { code } = await run('flock', ['--nonblock', '3'], { fd, anyExitCode: true });
  if (code !== 0) {
    onWait?.((await readFile(path, 'utf8')).trim() || 'another lab command');
    ({ code } = await waitFor(fd, waitSeconds, signal));
  }
  if (signal?.aborted) {
    closeSync(fd);
    throw new InterruptedError('interrupted');
  }
  if (code !== 0) {
    const holder = (await readFile(path, 'utf8')).trim();
    closeSync(fd);
    throw new ConnectionError(`waited ${waitSeconds} s for ${holder || 'another lab command'} to end`, {
      tryThis: 'wait for it or end it, then run the command again',
      log: path,
    });
  }
  await writeFile(path, `${what} (process ${process.pid})\n`);
  return { fd, release: () => closeSync(fd) };
}

function waitFor(fd: number, seconds: number, signal: AbortSignal | undefined): Promise<{ code: number }> {
  const more = signal ? { signal, apart: true } : {};
  return run('flock', ['--wait', String(seconds), '3'], { fd, anyExitCode: true, ...more });
}

import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConnectionError } from '../errors.ts';
import { run } from './exec.ts';
import { makePrivateFolder } from './files.ts';
import { patient } from './patience.ts';

export interface Lock {
  release(): void;
}

export interface LockOptions {
  /** What its holder does, for those who wait: "lab up dr". */
  what: string;
  /** Called once when somebody else holds it, with what the holder wrote. */
  onWait?: (holder: string) => void;
  /** Seconds to wait for it; by default one hour, up to ten on a busy computer. */
  waitSeconds?: number;
}

/** Takes a lock if nobody holds it, or not for longer than so many seconds. */
export async function tryLock(path: string, what: string, waitSeconds = 0): Promise<Lock | undefined> {
  try {
    return await takeLock(path, { what, waitSeconds });
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

/**
 * Takes an flock(2) lock on a file. flock(1) locks the open file that this process shares with it, so the kernel
 * gives the lock back when this process ends, however it ends, and there is no stale lock to clean up.
 * @throws ConnectionError when the lock is still held after `waitSeconds`
 */
export async function takeLock(
  path: string,
  { what, onWait, waitSeconds = patient(3_600_000) / 1000 }: LockOptions,
): Promise<Lock> {
  await makePrivateFolder(dirname(path));
  const fd = openSync(path, 'a+', 0o600);
  let { code } = await run('flock', ['--nonblock', '3'], { fd, anyExitCode: true });
  if (code !== 0) {
    onWait?.((await readFile(path, 'utf8')).trim() || 'another lab command');
    ({ code } = await run('flock', ['--wait', String(waitSeconds), '3'], { fd, anyExitCode: true }));
  }
  if (code !== 0) {
    const holder = (await readFile(path, 'utf8')).trim();
    closeSync(fd);
    throw new ConnectionError(`waited ${waitSeconds} s for ${holder || 'another lab command'} to end`, {
      tryThis: 'wait for it, or end it, and run the command again',
      log: path,
    });
  }
  await writeFile(path, `${what} (process ${process.pid})\n`);
  return { release: () => closeSync(fd) };
}

import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionError, type Facts } from '../errors.ts';

export interface WaitOptions {
  /** What is waited for, for the error message: "sshd on rs1". */
  what: string;
  deadlineMs: number;
  /** Pause between two looks, in milliseconds. */
  everyMs?: number;
  facts?: () => Facts;
}

/**
 * Looks until there is something to see: `look` returns undefined for "not yet".
 * @throws ConnectionError when the deadline passes; what `look` throws ends the wait at once
 */
export async function waitFor<T>(look: () => Promise<T | undefined> | T | undefined, options: WaitOptions): Promise<T> {
  const start = performance.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() - start > options.deadlineMs) {
      throw new ConnectionError(`${options.what}: not there after ${options.deadlineMs / 1000} s`, options.facts?.());
    }
    await pause(options.everyMs ?? 20);
  }
}

/**
 * Gives up on a promise when its time is over.
 * @throws ConnectionError naming what was waited for
 */
export async function within<T>(promise: Promise<T>, deadlineMs: number, what: string, facts?: Facts): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectionError(`${what}: no answer within ${deadlineMs / 1000} s`, facts)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

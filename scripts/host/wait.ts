import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionError, type Facts } from '../errors.ts';
import { Patience, type Wait } from './patience.ts';

interface WaitOptions extends Wait {
  /** What is waited for, in the words of the error message: "sshd on rs1". */
  what: string;
  /** Pause between two looks, in milliseconds. */
  everyMs?: number;
  facts?: () => Facts;
}

/**
 * Calls `look` until it returns something; undefined means "not yet".
 * @throws ConnectionError when the wait is over; an error of `look` ends the wait at once
 */
export async function waitFor<T>(look: () => Promise<T | undefined> | T | undefined, options: WaitOptions): Promise<T> {
  const patience = new Patience(options);
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const lost = await patience.lost();
    if (lost) throw new ConnectionError(`${options.what}: not there ${lost}`, options.facts?.());
    await pause(options.everyMs ?? 20);
  }
}

/**
 * Waits for a promise.
 * @throws ConnectionError with `what`, when the wait is over
 */
export async function within<T>(promise: Promise<T>, wait: Wait, what: string, facts?: Facts): Promise<T> {
  const patience = new Patience(wait);
  const over = new AbortController();
  const late = async (): Promise<never> => {
    for (;;) {
      await pause(patience.everyMs, undefined, { signal: over.signal });
      const lost = await patience.lost();
      if (lost) throw new ConnectionError(`${what}: no answer ${lost}`, facts);
    }
  };
  const giving = late();
  giving.catch(() => {}); // the abort below rejects it
  try {
    return await Promise.race([promise, giving]);
  } finally {
    over.abort();
  }
}

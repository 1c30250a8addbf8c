import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionError, type Facts } from '../errors.ts';
import { Patience, type Wait } from './patience.ts';

export interface WaitOptions extends Wait {
  /** What is waited for, for the error message: "sshd on rs1". */
  what: string;
  /** Pause between two looks, in milliseconds. */
  everyMs?: number;
  facts?: () => Facts;
}

/**
 * Looks until there is something to see: `look` returns undefined for "not yet".
 * @throws ConnectionError when patience is lost; what `look` throws ends the wait at once
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
 * Gives up on a promise when patience is lost.
 * @throws ConnectionError naming what was waited for
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
  giving.catch(() => {}); // its pause is cut short below
  try {
    return await Promise.race([promise, giving]);
  } finally {
    over.abort();
  }
}

import { InterruptedError } from '../errors.ts';

type GiveUp = (error: InterruptedError) => void;

const waiting = new Set<GiveUp>();

/**
 * Ends what is waited for at this moment, with an InterruptedError: who has something to put back does so on its way out,
 * and may wait for that.
 * @returns whether anybody waited
 */
export function interruptWaits(): boolean {
  const some = [...waiting];
  waiting.clear();
  for (const giveUp of some) giveUp(new InterruptedError('interrupted'));
  return some.length > 0;
}

/** @throws InterruptedError when a person presses Ctrl-C before the work is done; the work itself goes on */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  let giveUp: GiveUp = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  waiting.add(giveUp);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    waiting.delete(giveUp);
  }
}

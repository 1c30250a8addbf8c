import { InterruptedError } from '../errors.ts';

type GiveUp = (error: InterruptedError) => void;

const waiting = new Set<GiveUp>();

/**
 * Ends all current waits with an InterruptedError. Code that gets the error undoes its changes, and may wait again for
 * that.
 * @returns whether the command comes to its end by that: there was a wait, or the next one throws
 */
export function interruptWaits(): boolean {
  const some = [...waiting];
  waiting.clear();
  for (const giveUp of some) giveUp(new InterruptedError('interrupted'));
  if (some.length === 0) due = !leavesMachines;
  return some.length > 0 || due;
}

/**
 * Does work that must come to its own end: Ctrl-C aborts its signal, and nothing else.
 * @throws InterruptedError after that, when the work has ended
 */
export async function interruptible<T>(work: (over: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const giveUp: GiveUp = (error) => over.abort(error);
  waiting.add(giveUp);
  try {
    const result = await work(over.signal);
    over.signal.throwIfAborted();
    return result;
  } finally {
    waiting.delete(giveUp);
  }
}

/**
 * @throws InterruptedError when the user presses Ctrl-C before the work is done, or has done so since the last wait of a command
 * that leaves no machines; the work itself goes on
 */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  if (due) {
    due = false;
    work.catch(() => {}); // nobody waits for it any more
    throw new InterruptedError('interrupted');
  }
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

/** Does work whose waits end when `over` is aborted, as they do at Ctrl-C in a command that has no other end. */
export async function endedBy<T>(over: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (over.aborted) throw new InterruptedError('interrupted');
  const giveUp = () => void interruptWaits();
  over.addEventListener('abort', giveUp);
  try {
    return await work();
  } finally {
    over.removeEventListener('abort', giveUp);
  }
}

let end: (() => void) | undefined;

/** For work without an end of its own: the first Ctrl-C, or the end of whoever reads its output, resolves this. */
export function untilEnded(): Promise<void> {
  return new Promise((resolve) => {
    end = resolve;
  });
}

/** Ends work that has no end of its own. @returns whether there was any */
export function endWork(): boolean {
  const known = end;
  end = undefined;
  known?.();
  return known !== undefined;
}

let leavesMachines = true;
let due = false;

/** For a command that ends the machines it starts from now on: Ctrl-C ends its present wait, or the next one if there is none. */
export function leaveNoMachines(): void {
  leavesMachines = false;
}

/** Whether machines may keep running when this command is interrupted. */
export function mayLeaveMachines(): boolean {
  return leavesMachines;
}

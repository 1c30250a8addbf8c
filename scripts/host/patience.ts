import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The largest factor by which `patient` lengthens a deadline: a wait for a hanging machine must end at some time. */
const largestFactor = 10;

/**
 * Lengthens a deadline that is enough on an idle computer when there is more work than cores: when a class starts its labs at
 * the same time, each lab has a small share of a core. The load is the larger of the last minute's average and half the tasks
 * that want a CPU now (proc_loadavg(5)), because load that has just begun does not show in the average yet.
 * @param deadlineMs milliseconds
 */
export function patient(deadlineMs: number): number {
  const [load = 0, , , running = ''] = loads();
  // A single lab wants two or three times the cores while it starts.
  const wanting = Math.max(Number(load), (Number.parseInt(running, 10) || 0) / 2);
  return Math.round(deadlineMs * Math.min(largestFactor, Math.max(1, wanting / availableParallelism())));
}

/** Fields of /proc/loadavg. A computer without that file counts as idle. */
function loads(): string[] {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ');
  } catch {
    return [];
  }
}

/** Milliseconds so far in which a machine ran, or waited for a CPU or a disk; undefined when this cannot be measured. */
export type Effort = () => Promise<number | undefined>;

/** The effort of several machines together: a lab works while one of its machines works. */
export function together(efforts: readonly (Effort | undefined)[]): Effort | undefined {
  const known = efforts.filter((effort) => effort !== undefined);
  if (known.length === 0) return undefined;
  return async () => {
    const done = (await Promise.all(known.map((effort) => effort()))).filter((effort) => effort !== undefined);
    return done.length === 0 ? undefined : done.reduce((sum, effort) => sum + effort, 0);
  };
}

/**
 * The same effort, with all time added in which a number has grown, such as that of bytes written: while a slow disk takes them, a
 * machine has nothing to do.
 */
export function withProgress(effort: Effort | undefined, progress: () => number): Effort | undefined {
  if (!effort) return undefined;
  let last: { at: number; done: number; progress: number } | undefined;
  let sofar = 0;
  return async () => {
    const done = await effort();
    if (done === undefined) return undefined;
    const now = { at: performance.now(), done, progress: progress() };
    const before = last ?? now;
    sofar += Math.max(now.done - before.done, now.progress > before.progress ? now.at - before.at : 0);
    last = now;
    return sofar;
  };
}

/** How long to wait. */
export interface Wait {
  /**
   * Milliseconds. If the machine's effort is known, only time in which it is idle counts: a machine with a small share of a slow
   * core works for long, and one that hangs is idle. Otherwise all time counts, and a busy computer gets more of it.
   */
  deadlineMs: number;
  effort?: Effort | undefined;
}

/** A machine may loop for ever, so a wait also ends after this many times the lengthened deadline. */
const busyTimes = 10;

/** Decides when a wait should end. */
export class Patience {
  readonly #wait: Wait;
  readonly #start = performance.now();
  #last: { at: number; effort: number } | undefined;
  /** True once the effort could not be measured: the machine has ended, or runs elsewhere. */
  #unknown: boolean;
  #idleMs = 0;
  #nextLook = 0;
  /** The longest deadline so far: a falling load does not shorten it. */
  #patientMs = 0;

  constructor(wait: Wait) {
    this.#wait = wait;
    this.#unknown = wait.effort === undefined;
    this.#nextLook = this.#start + this.everyMs; // most answers come before that
  }

  /** Milliseconds after which it makes sense to look again. Each look reads some files of /proc for every thread of a machine. */
  get everyMs(): number {
    return Math.max(1, Math.min(2000, this.#wait.deadlineMs / 10));
  }

  /**
   * May be called at any rate.
   * @returns undefined while it makes sense to wait; then the end of an error message, with what was measured
   */
  async lost(): Promise<string | undefined> {
    const now = performance.now();
    if (now < this.#nextLook) return undefined;
    this.#nextLook = now + this.everyMs;
    const { deadlineMs } = this.#wait;
    await this.#look();
    const waited = performance.now() - this.#start;
    this.#patientMs = Math.max(this.#patientMs, patient(deadlineMs));
    if (this.#unknown) return waited > this.#patientMs ? `within ${seconds(waited)} s` : undefined;
    if (this.#idleMs > deadlineMs) {
      return `within ${seconds(waited)} s, of which ${seconds(this.#idleMs)} s were idle`;
    }
    return waited > this.#patientMs * busyTimes
      ? `within ${seconds(waited)} s, in which it was never idle for long`
      : undefined;
  }

  async #look(): Promise<void> {
    const effort = this.#unknown ? undefined : await this.#wait.effort?.();
    const at = performance.now();
    if (effort === undefined) this.#unknown = true;
    else {
      // The first look says nothing about the time before it.
      const { at: before, effort: sofar } = this.#last ?? { at, effort };
      this.#idleMs += Math.max(0, at - before - Math.max(0, effort - sofar));
      this.#last = { at, effort };
    }
  }
}

function seconds(ms: number): string {
  return String(ms < 10_000 ? Number((ms / 1000).toFixed(1)) : Math.round(ms / 1000));
}

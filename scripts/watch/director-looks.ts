import { setTimeout as pause } from 'node:timers/promises';
import { ConnectionError, LabError } from '../errors.ts';
import { patient } from '../host/patience.ts';
import type { Machine } from '../providers/provider.ts';
import { Remote } from '../remote/remote.ts';
import { lookText } from './look.ts';
import type { DirectorLook } from './source.ts';

/** A director that does not answer within this time, in idle milliseconds, is shown as one that cannot be asked. */
const deadlineMs = 8000;
/** How long a director that could not be asked is left alone. */
const restMs = 1000;

/** Asks one director again and again by one connection, which is made again when it is lost. */
export class DirectorLooks {
  readonly #node: string;
  readonly #find: () => Promise<Machine>;
  readonly #patienceMs: number;
  #remote: Remote | undefined;
  #failed: { at: number; error: string } | undefined;
  #asking: Promise<DirectorLook> | undefined;
  /** Whether what is asked now has taken longer than others wait for it. */
  #isLate = false;
  #isOver = false;

  /**
   * @param find finds the machine as it is now: one that was made new has another port
   * @param patienceMs how long the other directors wait for this one; a machine that is frozen answers after its deadline, or never
   */
  constructor(node: string, find: () => Promise<Machine>, patienceMs = patient(1000)) {
    this.#node = node;
    this.#patienceMs = patienceMs;
    this.#find = find;
  }

  /** @returns what it says; that it does not answer while it is asked and does not */
  async look(): Promise<DirectorLook> {
    const node = this.#node;
    if (this.#failed && performance.now() - this.#failed.at < restMs) return { node, error: this.#failed.error };
    this.#asking ??= this.#ask();
    const waiting = new AbortController();
    const late = pause(this.#isLate ? 0 : this.#patienceMs, undefined, { signal: waiting.signal }).catch(
      () => undefined,
    );
    const answer = await Promise.race([this.#asking, late]);
    waiting.abort();
    this.#isLate = answer === undefined;
    if (answer) this.#asking = undefined;
    return answer ?? { node, error: 'no answer yet' };
  }

  async #ask(): Promise<DirectorLook> {
    const node = this.#node;
    try {
      this.#remote ??= await Remote.connect(await this.#find(), undefined, deadlineMs);
      if (this.#isOver) throw new ConnectionError('lab watch ends', { node });
      const { stdout } = await this.#remote.exec(this.#remote.asRoot('sh -s'), { input: lookText, deadlineMs });
      this.#failed = undefined;
      return { node, text: stdout };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      this.#drop();
      this.#failed = { at: performance.now(), error: error.message };
      return { node, error: error.message };
    }
  }

  /** Ends it, also while it connects. */
  close(): void {
    this.#isOver = true;
    this.#drop();
  }

  #drop(): void {
    this.#remote?.close();
    this.#remote = undefined;
  }
}

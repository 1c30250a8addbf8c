import { LabError } from '../errors.ts';
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
  #remote: Remote | undefined;
  #failed: { at: number; error: string } | undefined;

  /** @param find finds the machine as it is now: one that was made new has another port */
  constructor(node: string, find: () => Promise<Machine>) {
    this.#node = node;
    this.#find = find;
  }

  async look(): Promise<DirectorLook> {
    const node = this.#node;
    if (this.#failed && performance.now() - this.#failed.at < restMs) return { node, error: this.#failed.error };
    try {
      this.#remote ??= await Remote.connect(await this.#find(), undefined, deadlineMs);
      const { stdout } = await this.#remote.exec(this.#remote.asRoot('sh -s'), { input: lookText, deadlineMs });
      this.#failed = undefined;
      return { node, text: stdout };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      this.close();
      this.#failed = { at: performance.now(), error: error.message };
      return { node, error: error.message };
    }
  }

  close(): void {
    this.#remote?.close();
    this.#remote = undefined;
  }
}

import { randomBytes } from 'node:crypto';

/** What changed, and the id from which the next change counts. */
export interface Change {
  id: string;
  sections: Record<string, unknown>;
}

/**
 * The state that pages show, in sections. Each has the number of its last change, so a page that comes, comes back or is slow gets
 * every section that changed since then, once, as it is now: nothing is queued for anybody.
 */
export class Feed {
  /** Numbers of another run of the server mean nothing here. */
  readonly #run = randomBytes(6).toString('hex');
  readonly #sections = new Map<string, { value: unknown; text: string; changed: number }>();
  readonly #listeners = new Set<() => void>();
  #last = 0;

  /** A value that says the same as before is no change. */
  set(section: string, value: unknown): void {
    const text = JSON.stringify(value);
    if (this.#sections.get(section)?.text === text) return;
    this.#last++;
    this.#sections.set(section, { value, text, changed: this.#last });
    for (const listener of this.#listeners) listener();
  }

  /**
   * @param id what a page had when it got the last change; all sections are new for other texts
   * @returns undefined if nothing changed since then
   */
  since(id: string | undefined): Change | undefined {
    const [run, number = ''] = (id ?? '').split('.');
    const known = run === this.#run && /^\d{1,15}$/.test(number) ? Number(number) : 0;
    const changed = [...this.#sections].filter(([, one]) => one.changed > known);
    if (changed.length === 0) return undefined;
    return {
      id: `${this.#run}.${this.#last}`,
      sections: Object.fromEntries(changed.map(([name, { value }]) => [name, value])),
    };
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

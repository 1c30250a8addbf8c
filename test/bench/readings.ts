import { median } from './numbers.ts';

/** One measurement. */
export interface Reading {
  /** Seconds, or MiB. */
  value: number;
  /** Seconds of CPU time, user and system, of the command and the lab's machines. */
  cpu?: number;
}

/** What was measured on one side, by its name. */
export class Readings {
  readonly #all = new Map<string, Reading[]>();

  add(what: string, reading: Reading): void {
    this.#all.set(what, [...(this.#all.get(what) ?? []), reading]);
  }

  value(what: string): number | undefined {
    return median(this.of(what).map(({ value }) => value));
  }

  /** Undefined where one of them has none. */
  cpu(what: string): number | undefined {
    const all = this.of(what).map(({ cpu }) => cpu);
    return all.includes(undefined) ? undefined : median(all.filter((one) => one !== undefined));
  }

  of(what: string): readonly Reading[] {
    return this.#all.get(what) ?? [];
  }

  toJSON(): Record<string, Reading[]> {
    return Object.fromEntries(this.#all);
  }
}

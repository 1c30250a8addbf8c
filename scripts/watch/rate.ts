/** Points of the curve, one a second. */
const mostPoints = 60;
const everyMs = 1000;

/** New connections a second, by the counters of the directors. */
export class Rate {
  /** The oldest first; null for a second in which no director could be asked. */
  points: (number | null)[] = [];
  #counted: ReadonlyMap<string, number> = new Map();
  #begun: number | undefined;
  #fresh = 0;
  #isKnown = false;

  /**
   * @param now in milliseconds
   * @param counted what each director that could be asked has counted. Each counts what it has scheduled itself, so that after one has
   * taken over from another both sums grow on from where they were.
   * @returns whether there is a new point
   */
  add(now: number, counted: ReadonlyMap<string, number>): boolean {
    for (const [node, count] of counted) {
      const before = this.#counted.get(node);
      if (before === undefined) continue;
      this.#isKnown = true;
      // IPVS counts from nothing again when its machine is made new, or when it is loaded again.
      this.#fresh += Math.max(0, count - before);
    }
    // What one that could not be asked has counted meanwhile did not come in the second in which it answers again.
    this.#counted = counted;
    this.#begun ??= now;
    if (now - this.#begun < everyMs) return false;
    const point = Math.round((this.#fresh * 10_000) / (now - this.#begun)) / 10;
    this.points = [...this.points, this.#isKnown ? point : null].slice(-mostPoints);
    this.#begun = now;
    this.#fresh = 0;
    this.#isKnown = false;
    return true;
  }

  /** Nobody looks for a while. */
  rest(): void {
    this.#counted = new Map();
    this.#begun = undefined;
    this.#fresh = 0;
    this.#isKnown = false;
  }
}

/** Seconds within which a wrong clock must come right: a few looks, once a second, and more for a slow machine. */
export const clockBound = 30;

/** What became of a clock that was set wrong. Seconds, but for the node. */
export interface WrongClockSeen {
  node: string;
  /** How far it was ahead. */
  ahead: number;
  /** Until it was right again; undefined: not in time. */
  mended: number | undefined;
  /** How far it is from the director's then, by the best of the director's answers; undefined where it says nothing. */
  offset: number | undefined;
}

/** Lines of wrong-clock.hbs, in hundredths of a second, and what chronyd -Q says. */
export function parseWrongClock(node: string, text: string): WrongClockSeen {
  const [, start, ahead] = /^@@wrong (\d+) (-?\d+)$/m.exec(text) ?? [];
  const [, end] = /^@@right (\d+)$/m.exec(text) ?? [];
  const offsets = [...text.matchAll(/System clock wrong by (-?[\d.]+) seconds/g)].map(([, one]) =>
    Math.abs(Number(one)),
  );
  return {
    node,
    ahead: Number(ahead ?? 0) / 100,
    mended: end === undefined ? undefined : (Number(end) - Number(start)) / 100,
    offset: offsets.length === 0 ? undefined : Math.min(...offsets),
  };
}

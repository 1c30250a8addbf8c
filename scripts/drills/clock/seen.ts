/** Seconds in which chrony must correct a clock. It looks once a second; a slow machine needs more. */
export const clockBound = 30;

/** What became of a clock that was set wrong. Times are seconds. */
export interface WrongClockSeen {
  node: string;
  /** How far the clock was set ahead. */
  ahead: number;
  /** Until it was right again; undefined when that took too long. */
  corrected: number | undefined;
  /** How far it then was from the director's clock, by the director's best answer; undefined without an answer. */
  offset: number | undefined;
}

/** Parses the output of wrong-clock.hbs: `@@wrong UPTIME AHEAD` and `@@right UPTIME`, in hundredths of a second, and lines of chronyd -Q. */
export function parseWrongClock(node: string, text: string): WrongClockSeen {
  const [, start, ahead] = /^@@wrong (\d+) (-?\d+)$/m.exec(text) ?? [];
  const [, end] = /^@@right (\d+)$/m.exec(text) ?? [];
  const offsets = [...text.matchAll(/System clock wrong by (-?[\d.]+) seconds/g)].map(([, offset]) =>
    Math.abs(Number(offset)),
  );
  return {
    node,
    ahead: Number(ahead ?? 0) / 100,
    corrected: end === undefined ? undefined : (Number(end) - Number(start)) / 100,
    offset: offsets.length === 0 ? undefined : Math.min(...offsets),
  };
}

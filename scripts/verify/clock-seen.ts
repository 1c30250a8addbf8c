/** Seconds that a clock may differ from the director's; from there on chrony sets it. */
export const clockTolerance = 0.1;

/** Seconds within which a wrong one must come right: a few looks, once a second, and more for a slow machine. */
export const clockBound = 30;

/** What chrony says of a real server's clock. */
export interface ClockSeen {
  /** The address that it takes the time from; undefined while there is none. */
  source: string | undefined;
  /** Seconds that it is off. */
  offset: number;
  synchronised: boolean;
  /** The last answers of that source came: it is the one that chrony goes by. */
  selected: boolean;
  /** What chronyc said in the place of all this. */
  error: string | undefined;
}

/**
 * What `chronyc -n -c -m tracking sources` prints: chronyc(1), fields in the order of its reports.
 * `0A0A0001,10.10.0.1,9,1795622246.8,-0.000112191,…,Normal` and `^,*,10.10.0.1,8,0,377,…`
 */
export function parseClock(text: string): ClockSeen {
  const rows = text.split('\n').map((line) => line.split(','));
  const tracking = rows.find((fields) => fields.length === 14);
  const selected = rows.find(([mode, state]) => mode === '^' && state === '*')?.[2];
  if (!tracking) {
    const error = text.trim() || 'chronyc says nothing';
    return { source: undefined, offset: 0, synchronised: false, selected: false, error };
  }
  const source = tracking[1] || undefined;
  const leap = tracking[13];
  return {
    source,
    offset: Math.abs(Number(tracking[4])),
    // Of the other words two tell that a leap second comes, which is no fault.
    synchronised: leap !== 'Not synchronised',
    selected: source !== undefined && selected === source,
    error: undefined,
  };
}

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

/** Lines of verify/wrong-clock, in hundredths of a second, and what chronyd -Q says. */
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

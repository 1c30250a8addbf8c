import type { Look } from '../looks/look.ts';

/** The state of a real server's clock, as chrony reports it. */
export interface ClockSeen {
  /** The address of the server that chrony follows; undefined while it follows none. */
  source: string | undefined;
  /** Seconds by which the clock differs from that server's. */
  offset: number;
  synchronised: boolean;
  /** The server has answered lately. */
  selected: boolean;
  /** What chronyc printed instead of its reports. */
  error: string | undefined;
}

export const clockLook: Look<ClockSeen> = {
  name: 'clock',
  about: 'chronyc tracking and chronyc sources on each node that takes the time from the director',
  on: ({ clock }, { name }) => (clock.some(({ node }) => node === name) ? {} : undefined),
  templates: { after: 'checks/clock/ask' },
  parse: (printed) => parseClock(printed.in('after')),
};

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
    // Two of the other states announce a leap second, which is no fault.
    synchronised: leap !== 'Not synchronised',
    selected: source !== undefined && selected === source,
    error: undefined,
  };
}

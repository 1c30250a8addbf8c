import type { LoadRequest } from '../shared/load-requests.ts';

/** Weights in the table, by real server. */
export type Weights = ReadonlyMap<string, number>;

/** Requests while nothing was changed, from one time of the client's uptime to another. */
export interface Spell {
  from: number;
  to: number;
  /** Looked at again and again, the last time at its end. */
  weights: Weights[];
}

/** What was seen while a real server's CPU was kept busy. */
export interface LoadSeen {
  /** The busy one. */
  server: string;
  requests: LoadRequest[];
  calm: Spell;
  busy: Spell;
  /** Seconds until its weight was half of what it was, and until it was more than that again; undefined: not in time. */
  secondsDown: number | undefined;
  secondsBack: number | undefined;
  /** Its weight at the end. */
  weightBack: number | undefined;
}

/** Seconds that a weight may take to follow: a whole look at a busy CPU, the one that begins before it, and slow machines. */
export const loadBound = (interval: number): number => 2 * interval + 20;

/** Lines of await-weight.hbs. @param nameOf the real server at an address with its port */
export function parseWeights(text: string, nameOf: (address: string) => string | undefined): Weights {
  return new Map(
    [...text.matchAll(/^@@weight (\S+) (\d+)$/gm)].map(([, address = '', weight]) => [
      nameOf(address) ?? address,
      Number(weight),
    ]),
  );
}

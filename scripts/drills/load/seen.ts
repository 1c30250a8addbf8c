import type { Health } from '../../model/lab.ts';
import type { LoadRequest } from '../shared/load-requests.ts';

/** Weights in the director's table, by real server. */
export type Weights = ReadonlyMap<string, number>;

/** A time in which nothing was changed, by the client's uptime in seconds. */
export interface Period {
  from: number;
  to: number;
  /** As they were read during it, the last time at its end. */
  weights: Weights[];
}

/** What was seen before and while a real server's CPU was busy. */
export interface LoadSeen {
  /** The real server with the busy CPU. */
  server: string;
  requests: LoadRequest[];
  calm: Period;
  busy: Period;
  /** Seconds in which the weight must follow the load, on a computer as busy as this one was. */
  bound: number;
  /** Seconds until its weight was half of what it was, and until it was more than that again; undefined when that took too long. */
  secondsDown: number | undefined;
  secondsBack: number | undefined;
  /** Its weight at the end. */
  weightBack: number | undefined;
}

/**
 * Seconds in which a weight must follow the load: a look that begins before it, a whole look at a busy CPU, and twenty for
 * slow machines.
 */
export const loadBound = ({ interval }: Health): number => 2 * interval + 20;

/**
 * Parses the lines of await-weight.hbs: `@@weight 192.168.1.4:80 7`.
 * @param nameOf the real server at an address with port
 */
export function parseWeights(text: string, nameOf: (address: string) => string | undefined): Weights {
  return new Map(
    [...text.matchAll(/^@@weight (\S+) (\d+)$/gm)].map(([, address = '', weight]) => [
      nameOf(address) ?? address,
      Number(weight),
    ]),
  );
}

import type { Visit } from '../shared/visits-seen.ts';

/** The database's machine was cut off its power, and started again. */
export interface PowerCutSeen {
  node: string;
  /** Until the page with the post was there again. */
  seconds: number;
  visits: Visit[];
}

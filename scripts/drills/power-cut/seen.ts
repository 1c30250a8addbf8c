import type { Visit } from '../shared/visits-seen.ts';

/** What was seen after the database's machine lost its power. */
export interface PowerCutSeen {
  /** The database's machine. */
  node: string;
  /** From the cut until the client had a page with a post from before. */
  seconds: number;
  visits: Visit[];
}

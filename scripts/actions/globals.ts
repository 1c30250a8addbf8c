import type { Loudness } from '../report/sinks.ts';

/** Options that every command has. */
export interface Globals {
  json: boolean;
  loudness: Loudness;
}

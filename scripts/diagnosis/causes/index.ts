import type { Suspect } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { clocks } from './clocks.ts';
import { differing } from './differing.ts';
import { lines } from './lines.ts';

/** Finds causes of one kind. */
type CauseKind = (evidence: Evidence) => Suspect[];

export const causeKinds: readonly CauseKind[] = [differing, lines, clocks];

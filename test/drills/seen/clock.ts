import type { WrongClockSeen } from '../../../scripts/drills/clock/seen.ts';

/** What the drill sees when all is well. */
export const clockSeen: WrongClockSeen = { node: 'node1', ahead: 60, corrected: 2.31, offset: 0.000008 };

import type { Fault } from './fault.ts';
import * as shelf from './shelf.ts';

/** All faults that the kit knows how to make, in the order of the alphabet. */
export const faults: readonly Fault[] = Object.values(shelf);

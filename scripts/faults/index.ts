import type { Fault } from './fault.ts';
import * as shelf from './shelf.ts';

/** All faults that the kit can make, in alphabetical order. */
export const faults: readonly Fault[] = Object.values(shelf);

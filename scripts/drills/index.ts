import { clockDrill } from './clock/drill.ts';
import type { Drill } from './drill.ts';
import { failoverDrill } from './failover/drill.ts';
import { healthDrill } from './health/drill.ts';
import { loadDrill } from './load/drill.ts';
import { powerCutDrill } from './power-cut/drill.ts';
import { sharedDiskDrill } from './shared-disk/drill.ts';
import { siteDrill } from './site/drill.ts';

/** All drills, in the order in which they run and are reported. */
export const drills: readonly Drill[] = [
  siteDrill,
  healthDrill,
  loadDrill,
  clockDrill,
  powerCutDrill,
  sharedDiskDrill,
  failoverDrill,
];

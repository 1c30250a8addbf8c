import type { Drill } from '../../scripts/drills/drill.ts';
import { clockSeen } from './seen/clock.ts';
import { failoverSeen } from './seen/failover.ts';
import { healthSeen } from './seen/health.ts';
import { loadSeen } from './seen/load.ts';
import { powerCutSeen } from './seen/power-cut.ts';
import { sharedDiskSeen } from './seen/shared-disk.ts';
import { siteSeen } from './seen/site.ts';
import { visit } from './seen/visit.ts';

/** What each drill sees when all is well, in labs that between them have all its checks. */
export const judged: Record<Drill['name'], { lab: string; seen: unknown }[]> = {
  site: [{ lab: 'web', seen: siteSeen() }],
  health: [
    { lab: 'health', seen: healthSeen() },
    { lab: 'web', seen: { ...healthSeen(), allOut: undefined, visits: [visit('page', 'rs2')] } },
  ],
  load: [{ lab: 'keepalived', seen: loadSeen() }],
  clock: [{ lab: 'nat-centos', seen: clockSeen }],
  'power-cut': [{ lab: 'web', seen: powerCutSeen }],
  'shared-disk': [{ lab: 'ocfs2', seen: sharedDiskSeen }],
  failover: [
    { lab: 'ha', seen: failoverSeen() },
    { lab: 'two-directors', seen: { ...failoverSeen(), withHash: undefined } },
  ],
};

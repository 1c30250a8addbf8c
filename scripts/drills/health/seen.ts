import type { Plan } from '../../plan/plan.ts';
import type { LoadRequest } from '../shared/load-requests.ts';
import type { Visit } from '../shared/visits-seen.ts';

/** What was seen while real servers failed and came back. Times are of the client's uptime. */
export interface HealthSeen {
  /** The one that failed first. */
  server: string;
  requests: LoadRequest[];
  /** Pages of the site that were asked for while it was out; none in a lab without a site. */
  visits: Visit[];
  /** Seconds until the table had no more of it, and until it was in again; undefined: not in time. */
  secondsOut: number | undefined;
  secondsBack: number | undefined;
  /** When it was made to fail, was out, was mended, was in again. */
  failed: number;
  out: number;
  mended: number;
  back: number;
  /** When all were out, and when they were mended; undefined without a sorry server. */
  allOut: number | undefined;
  allMended: number | undefined;
}

/** Seconds within which a failure must be noticed: one interval, one look without an answer, and the slack of the machines. */
export function boundOf({ health }: Plan, slack: number): number {
  return (health?.interval ?? 0) + (health?.timeout ?? 0) + slack;
}

/** The same for coming back: a look that was under way when it was mended may fail yet. */
export function backBoundOf(plan: Plan, slack: number): number {
  return boundOf(plan, slack) + (plan.health?.timeout ?? 0);
}

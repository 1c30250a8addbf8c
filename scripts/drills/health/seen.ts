import type { Health } from '../../model/lab.ts';
import type { LoadRequest } from '../shared/load-requests.ts';
import type { Visit } from '../shared/visits-seen.ts';

/** What was seen while daemons of real servers were stopped and started. Names that end in `At` are the client's uptime, in seconds. */
export interface HealthSeen {
  /** The real server whose daemon was stopped first. */
  server: string;
  requests: LoadRequest[];
  /** Pages of the web site that were asked for while it was out; empty in a lab without a site. */
  visits: Visit[];
  /** Seconds until it was out of the table, and until it was back; undefined when that took too long. */
  secondsOut: number | undefined;
  secondsBack: number | undefined;
  stoppedAt: number;
  outAt: number;
  startedAt: number;
  backAt: number;
  /** While all real servers were out; undefined without a sorry server. */
  allOut: { from: number; to: number } | undefined;
}

/**
 * Seconds in which a failure must be noticed: one interval, one look that gets no answer, as many more as must fail, and the slack
 * of the machines.
 */
export function outBound({ by, interval, timeout, retry, retryDelay }: Health, slack: number): number {
  const pause = by === 'keepalived' ? retryDelay : interval;
  return interval + timeout + retry * (pause + timeout) + slack;
}

/** Seconds in which a recovery must be noticed. A look that began before it may still fail. */
export function backBound(health: Health, slack: number): number {
  return outBound(health, slack) + health.timeout;
}

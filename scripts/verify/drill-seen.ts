import type { Plan } from '../plan/plan.ts';
import type { Visit } from './site-seen.ts';

/** A request of the load, in seconds of the client's uptime. */
export interface LoadRequest {
  start: number;
  end: number;
  /** Who answered: a real server, `sorry`, or nobody. */
  server: string | undefined;
  /** What came instead: the client's error, or the first line of a page of nobody here. */
  instead?: string;
}

/** What was seen while real servers failed and came back. Times are of the client's uptime. */
export interface DrillSeen {
  /** The one that failed first. */
  server: string;
  requests: LoadRequest[];
  /** Other pages that were asked for while it was out. */
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

/** One look of a daemon that starts a program for it, as ldirectord does, is taken to last as long as this many quick requests. */
const requestsALook = 50;

/** The largest slack, in seconds; drills wait no longer. */
export const mostSlack = 30;

/** Whole seconds that machines may be late: two, and more where the median answer before the failure is slow. */
export function slackOf(requests: readonly LoadRequest[], before: number): number {
  const took = requests
    .filter(({ end, server }) => end <= before && server !== undefined)
    .map(({ start, end }) => end - start)
    .sort((one, other) => one - other);
  const usual = took[Math.floor(took.length / 2)] ?? 0;
  return Math.min(mostSlack, Math.max(2, Math.ceil(usual * requestsALook)));
}

/** Lines of verify/load. */
export function parseLoad(text: string): LoadRequest[] {
  return [...text.matchAll(/^@@request ([\d.]+) ([\d.]+) (.*)$/gm)].map(([, start, end, page = '']) => {
    const [, server, sorry] = /This is (?:real server ([a-z0-9-]+)|the (sorry) server)/.exec(page) ?? [];
    const who = server ?? sorry;
    return { start: Number(start), end: Number(end), server: who, ...(!who && { instead: page || 'an empty page' }) };
  });
}

/** A request of the load, in seconds of the client's uptime. */
export interface LoadRequest {
  start: number;
  end: number;
  /** Who answered: a real server, `sorry`, or nobody. */
  server: string | undefined;
  /** What came instead: the client's error, or the first line of a page of nobody here. */
  instead?: string;
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

/** Lines of client-load.hbs. */
export function parseLoad(text: string): LoadRequest[] {
  return [...text.matchAll(/^@@request ([\d.]+) ([\d.]+) (.*)$/gm)].map(([, start, end, page = '']) => {
    const [, server, sorry] = /This is (?:real server ([a-z0-9-]+)|the (sorry) server)/.exec(page) ?? [];
    const who = server ?? sorry;
    return { start: Number(start), end: Number(end), server: who, ...(!who && { instead: page || 'an empty page' }) };
  });
}

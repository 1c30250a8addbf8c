/** A request of the load. Times are the client's uptime in seconds. */
export interface LoadRequest {
  start: number;
  end: number;
  /** The server that answered: a real server, or `sorry`; undefined when neither did. */
  server: string | undefined;
  /** Without such an answer: the client's error, or the page that came. */
  error?: string;
}

/** A daemon that starts a program for each of its looks, as ldirectord does, needs about as long as this many quick requests. */
const requestsALook = 50;

/** The longest slack in seconds. Drills wait no longer for late machines. */
export const mostSlack = 30;

/** Seconds that machines may be late: at least two, and more on slow machines, in proportion to the median answer before the failure. */
export function slackOf(requests: readonly LoadRequest[], failedAt: number): number {
  const seconds = requests
    .filter(({ end, server }) => end <= failedAt && server !== undefined)
    .map(({ start, end }) => end - start)
    .sort((one, other) => one - other);
  const median = seconds[Math.floor(seconds.length / 2)] ?? 0;
  return Math.min(mostSlack, Math.max(2, Math.ceil(median * requestsALook)));
}

/** Parses the lines of client-load.hbs: `@@request START END PAGE`. */
export function parseLoad(text: string): LoadRequest[] {
  return [...text.matchAll(/^@@request ([\d.]+) ([\d.]+) (.*)$/gm)].map(([, start, end, page = '']) => {
    const [, realServer, sorry] = /This is (?:real server ([a-z0-9-]+)|the (sorry) server)/.exec(page) ?? [];
    const server = realServer ?? sorry;
    return { start: Number(start), end: Number(end), server, ...(!server && { error: page || 'an empty page' }) };
  });
}

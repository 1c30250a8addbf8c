/** A page that the client asked for. */
export interface Visit {
  /** What for: `page`, `post-read`. */
  kind: string;
  /** HTTP status; 0 without an answer. */
  status: number;
  /** The real server that its header names. */
  server: string | undefined;
  seconds: number;
  /** Whether it has the words that it ought to have. */
  found: boolean;
  /** What curl says of a failure. */
  error: string | undefined;
}

/** Lines of visit.hbs. */
export function parseVisits(text: string): Visit[] {
  return [...text.matchAll(/^@@visit (\S+) (\S+) (yes|no) (\d+) ([\d.]+) ?(.*)$/gm)].map(
    ([, kind = '', server = '', found, status, seconds, error]) => ({
      kind,
      status: Number(status),
      server: server === 'nobody' ? undefined : server,
      seconds: Number(seconds),
      found: found === 'yes',
      error: error || undefined,
    }),
  );
}

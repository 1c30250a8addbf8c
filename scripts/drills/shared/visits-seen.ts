/** A page of the web site that the client asked for. */
export interface Visit {
  /** What the page is for: `page`, `post-read`. */
  kind: string;
  /** HTTP status; 0 without an answer. */
  status: number;
  /** The real server that the answer's header names. */
  server: string | undefined;
  seconds: number;
  /** Whether the page has the words that belong to it. */
  found: boolean;
  /** curl's error message. */
  error: string | undefined;
}

/** Parses the lines of visit.hbs: `@@visit KIND SERVER yes|no STATUS SECONDS ERROR`. */
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

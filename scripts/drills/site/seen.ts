import { parseVisits, type Visit } from '../shared/visits-seen.ts';

/** What clients got of the web site. */
export interface SiteSeen {
  /** Requests for the first page, one more than there are real servers. */
  pages: Visit[];
  /** A file that one real server wrote, and requests for it; undefined where each real server has its own copy of the files. */
  file: { writer: string; visits: Visit[] } | undefined;
  wordpress: WordPressSeen | undefined;
}

export interface WordPressSeen {
  visits: Visit[];
  /** The number that WordPress gave the post; empty when it took none. */
  post: string;
  /** The picture came back as it was sent. */
  samePicture: boolean;
}

/** Parses the output of wordpress.hbs: lines of visit.hbs, `@@post NUMBER`, `@@picture same`. */
export function parseWordPress(text: string): WordPressSeen {
  return {
    visits: parseVisits(text),
    post: /^@@post (\d+)$/m.exec(text)?.[1] ?? '',
    samePicture: /^@@picture same$/m.test(text),
  };
}

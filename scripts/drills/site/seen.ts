import { parseVisits, type Visit } from '../shared/visits-seen.ts';

/** What clients got of the site. */
export interface SiteSeen {
  /** Pages by all real servers. */
  pages: Visit[];
  /** A file that one real server wrote, and by whom it was read. */
  file: { writer: string; visits: Visit[] } | undefined;
  wordpress: WordPressSeen | undefined;
}

export interface WordPressSeen {
  visits: Visit[];
  /** The number that WordPress gave the post. */
  post: string;
  /** The picture came back as it was sent. */
  samePicture: boolean;
}

/** What wordpress.hbs prints. */
export function parseWordPress(text: string): WordPressSeen {
  return {
    visits: parseVisits(text),
    post: /^@@post (\d+)$/m.exec(text)?.[1] ?? '',
    samePicture: /^@@picture same$/m.test(text),
  };
}

import { sections } from './parse-observations.ts';

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

/** What a machine has of the site. */
export interface SiteNodeSeen {
  /** `172.16.10.20:/ nfs4` */
  mount: string;
  /** Its line in fstab. */
  fstab: string;
  /** Whether the file system answers. */
  readable: boolean;
  /** Units with their states: `mariadb.service` → `active`. */
  units: Map<string, string>;
  /** Status of a .php file, asked of this machine's own Apache. */
  program: number | undefined;
  /** Whether the database's port is open to it. */
  door: boolean;
  /** What the database says to the site's name and password: a MySQL error number and its words; 0 when it lets in. */
  login: { code: number; words: string } | undefined;
}

export interface SiteSeen {
  nodes: Map<string, SiteNodeSeen>;
  /** Pages by all real servers; nothing where a layer is down that they stand on. */
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

/** The database's machine was cut off its power, and started again. */
export interface PowerCutSeen {
  node: string;
  /** Until the page with the post was there again. */
  seconds: number;
  visits: Visit[];
}

/** Lines of templates/partials/visit.hbs. */
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

export function parseWordPress(text: string): WordPressSeen {
  return {
    visits: parseVisits(text),
    post: /^@@post (\d+)$/m.exec(text)?.[1] ?? '',
    samePicture: /^@@picture same$/m.test(text),
  };
}

/** What templates/verify/site.hbs prints. */
export function parseSiteNode(text: string): SiteNodeSeen {
  const part = sections(text);
  const line = (name: string) => (part.get(name) ?? '').trim().replace(/\s+/g, ' ');
  const units = (part.get('units') ?? '').split('\n').flatMap((said) => (said ? [said.split(' ')] : []));
  const [code = '', ...words] = line('login').split(' ');
  return {
    mount: line('mount'),
    fstab: line('fstab'),
    readable: line('readable') === 'yes',
    units: new Map(units.map(([name = '', state = '']) => [name, state])),
    program: part.has('program') ? Number(line('program')) : undefined,
    door: line('door') === 'open',
    login: part.has('login') ? { code: /^\d+$/.test(code) ? Number(code) : -1, words: words.join(' ') } : undefined,
  };
}

/** What another machine found on the shared disk after one died while it wrote. */
export interface SurvivorSeen {
  /** Until it could write there; undefined: it could not. */
  seconds: number | undefined;
  /** Files that the dead one had written, and how many of them cannot be read. */
  files: number;
  broken: number;
  /** What the kernel says of a damaged file system. */
  damage: string[];
}

export interface WriterKilledSeen extends SurvivorSeen {
  writer: string;
  survivor: string;
  /** The dead one is back, and reads what was written meanwhile. */
  read: boolean;
  secondsBack: number;
}

/** What templates/verify/survivor.hbs prints. */
export function parseSurvivor(text: string): SurvivorSeen {
  const [, start, end] = /^@@usable ([\d.]+) ([\d.]+)$/m.exec(text) ?? [];
  const [, files, broken] = /^@@files (\d+) (\d+)$/m.exec(text) ?? [];
  return {
    seconds: start === undefined ? undefined : Number(end) - Number(start),
    files: Number(files ?? 0),
    broken: Number(broken ?? 0),
    damage: [...text.matchAll(/^@@damage (.*)$/gm)].map(([, line = '']) => line),
  };
}

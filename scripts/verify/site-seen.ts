import { sections } from './parse-observations.ts';

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

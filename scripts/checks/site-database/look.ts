import type { Look } from '../looks/look.ts';

/** What the database says to the site's name and password: a MySQL error number and its words; 0 when it lets in. */
export interface LoginSeen {
  code: number;
  words: string;
}

export const databaseLogin: Look<LoginSeen> = {
  name: 'databaselogin',
  about: 'a login at the web site’s database, with the site’s name and password, from the PHP server',
  on: ({ site }, { name }) => (site && name === site.php && site.mysql !== null ? {} : undefined),
  templates: { beside: 'checks/site-database/login' },
  parse: (printed) => parseLogin(printed.in('beside')),
};

/** `1045 Access denied for user …`; what has no number is an error that MySQL does not know: -1. */
export function parseLogin(text: string): LoginSeen {
  const [code = '', ...words] = text.trim().split(/\s+/);
  return { code: /^\d+$/.test(code) ? Number(code) : -1, words: words.join(' ') };
}

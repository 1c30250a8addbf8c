import type { Look } from '../looks/look.ts';

/** The result of a login: MySQL's error number, 0 for success, and its message. */
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

/** Parses `1045 Access denied for user …`. The code is -1 when there is no number: nobody could try. */
export function parseLogin(text: string): LoginSeen {
  const [code = '', ...words] = text.trim().split(/\s+/);
  return { code: /^\d+$/.test(code) ? Number(code) : -1, words: words.join(' ') };
}

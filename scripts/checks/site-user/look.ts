import type { Look } from '../looks/look.ts';

/** How many users WordPress has; undefined when its database does not answer or has no table of users. */
export const siteUsers: Look<number | undefined> = {
  name: 'siteusers',
  about: 'the number of users in the table of WordPress, asked on the database server itself',
  on: ({ site }, { name }) => (site?.pages === 'wordpress' && site.mysql === name ? {} : undefined),
  templates: { beside: 'checks/site-user/count' },
  parse: (printed) => parseCount(printed.in('beside')),
};

export function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

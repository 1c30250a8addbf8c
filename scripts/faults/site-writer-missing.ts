import type { Fault } from './fault.ts';

export const siteWriterMissing: Fault = {
  id: 'site-writer-missing',
  title: 'WordPress is half set up: it has no writer',
  cause: 'Its tables are there, so it looks installed, but nobody can log in.',
  places: ({ site }) =>
    site?.mysql && site.pages === 'wordpress'
      ? [
          {
            name: site.mysql,
            make: [{ on: site.mysql, run: `mariadb wordpress --execute 'DELETE FROM wp_users'` }],
            symptom: { kind: 'none' },
            check: { id: 'site-post', hint: ['error.log'] },
          },
        ]
      : [],
};

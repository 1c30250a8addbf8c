import type { Fault } from './fault.ts';

export const databasePasswordWrong: Fault = {
  id: 'database-password-wrong',
  title: 'WordPress has another password than the database',
  cause: 'The database refuses the PHP server, so PHP can make no page that needs the database.',
  places: ({ site }) =>
    site?.php && site.mysql
      ? [
          {
            name: site.php,
            make: [{ on: site.php, run: `sed -i "s/'lvs-lab'/'wrong'/" /etc/wordpress/config-default.php` }],
            symptom: { kind: 'site fails' },
            check: { id: 'site-database', hint: ['DB_PASSWORD', 'config-default.php', site.php] },
          },
        ]
      : [],
};

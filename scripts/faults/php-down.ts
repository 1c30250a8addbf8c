import { phpPort } from '../plan/site.ts';
import type { Fault } from './fault.ts';
import { gone } from './sign.ts';
import { nobodyListens } from './witness.ts';

export const phpDown: Fault = {
  id: 'php-down',
  family: 'daemon',
  title: 'PHP-FPM is down on the PHP server',
  cause: 'Real servers pass PHP programs to PHP-FPM, and it does not answer.',
  sign: gone('process', /^php.*fpm/),
  places: ({ site }) =>
    site?.php
      ? [
          {
            name: site.php,
            nodes: [site.php],
            // Debian has PHP's version in the unit's name.
            make: [
              {
                on: site.php,
                run: 'for unit in /usr/lib/systemd/system/php*-fpm.service; do systemctl stop "$(basename "$unit")"; done',
              },
            ],
            witness: nobodyListens(site.php, { protocol: 'tcp', port: phpPort }),
            symptom: { kind: 'site fails' },
            check: { id: 'site-php', hint: ['PHP-FPM', `${site.php} -- systemctl start php`] },
          },
        ]
      : [],
};

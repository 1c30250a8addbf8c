import type { Fault } from './fault.ts';
import { pageServers, statusOf } from './pages.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

/** The user and group www-data of Debian. */
const apache = 33;

/** Whether Apache may read a file or enter a folder: `644 0:0`. A link has no mode of its own. */
function isOpen(path: string, mode = ''): boolean {
  const [, bits, user, group] = /^(\d+) (\d+):(\d+)$/.exec(mode) ?? [];
  if (bits === undefined) return true;
  const place = Number(user) === apache ? 3 : Number(group) === apache ? 2 : 1;
  const needed = path.endsWith('.html') ? 4 : 1;
  return (Number(bits.at(-place) ?? 0) & needed) !== 0;
}

export const pageForbidden: Fault = {
  id: 'page-forbidden',
  family: 'daemon',
  title: 'the web server of a real server may not read its page',
  cause: 'Apache answers every request with status 403. It can be reached and it runs, so nothing is wrong with LVS.',
  sign: (change) =>
    changed('mode', /^\/var\/www(\/html(\/index\.html)?)?$/, { before: /./, after: /./ })(change).filter(
      ({ key, before, after }) => isOpen(key, before) && !isOpen(key, after),
    ),
  places: (plan) =>
    pageServers(plan).map((server) => {
      const { node, services } = server;
      return {
        name: node,
        nodes: [node],
        make: [{ on: node, run: 'chmod 600 /var/www/html/index.html' }],
        mend: [{ on: node, run: 'chmod 644 /var/www/html/index.html' }],
        witness: statusOf(plan, server, '403'),
        symptom: failsUntilNoticed(plan, [node], services, 'error'),
      };
    }),
};

import type { Fault } from './fault.ts';
import { pageServers, statusOf } from './pages.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

export const pageForbidden: Fault = {
  id: 'page-forbidden',
  family: 'daemon',
  title: 'the web server of a real server may not read its page',
  cause: 'Apache answers every request with status 403. It can be reached and it runs, so nothing is wrong with LVS.',
  sign: changed('mode', /^\/var\/www/, { before: /./, after: /./ }),
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

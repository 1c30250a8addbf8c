import type { Fault } from './fault.ts';
import { pageServers, statusOf } from './pages.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

/** Every page, and no single one. */
const all500 = /^\s*(RedirectMatch 500 (\.\*|\^?\/(\.\*)?)|Redirect 500 \/)\s*$/m;

export const pageError: Fault = {
  id: 'page-error',
  family: 'daemon',
  title: 'the web server of a real server answers every request with status 500',
  cause:
    'Apache does the same when a program behind it fails. It can be reached and it runs, so nothing is wrong with LVS.',
  sign: changed('file', /^\/etc\/apache2\//, { after: all500 }),
  places: (plan) =>
    pageServers(plan).map((server) => {
      const { node, services } = server;
      return {
        name: node,
        nodes: [node],
        make: [
          {
            on: node,
            run: "echo 'RedirectMatch 500 .*' > /etc/apache2/conf-enabled/site-error.conf && systemctl restart apache2",
          },
        ],
        mend: [
          {
            on: node,
            run: '[ ! -e /etc/apache2/conf-enabled/site-error.conf ] || { rm /etc/apache2/conf-enabled/site-error.conf && systemctl restart apache2; }',
          },
        ],
        witness: statusOf(plan, server, '500'),
        symptom: failsUntilNoticed(plan, [node], services, 'error'),
      };
    }),
};

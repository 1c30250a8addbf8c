import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { pageServers } from './pages.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

export const pageEmpty: Fault = {
  id: 'page-empty',
  family: 'daemon',
  title: 'the web server of a real server answers with an empty page',
  cause: 'The status is 200, so a check that does not read the page finds nothing wrong.',
  sign: changed('file', /^\/var\/www\/html\/index\.html$/, { before: /./, after: /^$/ }),
  places: (plan) =>
    pageServers(plan).map(({ node, url, services }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: ': > /var/www/html/index.html' }],
      witness: {
        on: theNode(plan, 'director').name,
        run: sh`[ "$(curl -s -k -m 5 -o /dev/null -w '%{http_code} %{size_download}' ${url})" = '200 0' ]`,
      },
      symptom: failsUntilNoticed(plan, [node], services, 'empty'),
    })),
};

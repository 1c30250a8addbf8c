import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { pageServers } from './pages.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';

const configuration = '/etc/apache2/conf-enabled/site-slow.conf';

export const pageSlow: Fault = {
  id: 'page-slow',
  family: 'daemon',
  title: 'the web server of a real server takes two seconds for each page',
  cause: 'The network is as quick as ever: the connection is made at once, and then the client waits for the page.',
  sign: changed('file', /^\/etc\/apache2\//, { after: /ExtFilterDefine.*\bsleep\b/ }),
  places: (plan) => {
    // Whether health checks notice depends on how long they wait.
    if (plan.health) return [];
    const load = 'LoadModule ext_filter_module /usr/lib/apache2/modules/mod_ext_filter.so';
    const filter = `ExtFilterDefine late mode=output cmd="/bin/sh -c 'sleep 2; exec cat'"`;
    const lines = [load, filter, 'SetOutputFilter late'];
    return pageServers(plan).map(({ node, url, services }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: sh`printf '%s\n' ${lines} > ${configuration} && systemctl restart apache2` }],
      mend: [{ on: node, run: sh`[ ! -e ${configuration} ] || { rm ${configuration} && systemctl restart apache2; }` }],
      witness: {
        on: theNode(plan, 'director').name,
        run: sh`curl -s -k -m 20 -o /dev/null -w '%{time_connect} %{time_total}' ${url} | awk '{ exit !($1 < 1 && $2 > 1.5) }'`,
      },
      symptom: { kind: 'slow', of: sharesOf(plan, [node], services) },
    }));
  },
};

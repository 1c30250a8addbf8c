import type { Fault } from './fault.ts';
import { pageServers } from './pages.ts';
import { servedAt } from './servers.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

const configuration = '/etc/apache2/conf-enabled/site-workers.conf';
const unit = 'site-visitors';

export const acceptQueueFull: Fault = {
  id: 'accept-queue-full',
  family: 'daemon',
  title: 'all workers of a real server’s daemon wait for silent clients, and its accept queue is full',
  cause: 'While the accept queue is full, the kernel drops new connections. The daemon runs and listens.',
  sign: changed('file', /^\/etc\/apache2\//, { after: /^\s*(ListenBacklog|MaxRequestWorkers) \d\s*$/m }),
  places: (plan) =>
    pageServers(plan)
      .filter(({ services }) => services.length === 1 && services[0]?.endpoints.length === 1)
      .map(({ node, address, services }) => {
        const port = services[0] ? servedAt(services[0], node).port : 0;
        const lines = ['ListenBacklog 1', '<IfModule mpm_event_module>', 'StartServers 1', 'ServerLimit 1'];
        lines.push('ThreadsPerChild 1', 'MaxRequestWorkers 1', '</IfModule>');
        const few = sh`printf '%s\n' ${lines} > ${configuration} && systemctl restart apache2`;
        // Each client connects again when Apache has closed its silent connection.
        const visit = `for n in 1 2 3 4 5 6; do while :; do sleep 600 | nc ${address} ${port}; done & done; wait`;
        const visitors = sh`{ systemctl is-active -q ${unit} || systemd-run -q --collect --unit=${unit} sh -c ${visit}; }`;
        const away = sh`{ systemctl stop ${unit} 2> /dev/null || :; }`;
        return {
          name: node,
          nodes: [node],
          make: [{ on: node, run: `${few} && ${visitors} && ${full(port, 50)}` }],
          mend: [
            {
              on: node,
              run: `${away}; ${sh`[ ! -e ${configuration} ] || { rm ${configuration} && systemctl restart apache2; }`}`,
            },
          ],
          witness: { on: node, run: full(port, 1) },
          symptom: failsUntilNoticed(plan, [node], services),
        };
      }),
};

/** In one of several looks more connections wait than the queue may hold. */
function full(port: number, looks: number): string {
  const more = sh`ss -H -l -n -t ${`sport = :${port}`} | awk '$2 > $3 { found = 1 } END { exit !found }'`;
  return looks === 1 ? more : `for _ in $(seq ${looks}); do ! ${more} || break; sleep 0.2; done; ${more}`;
}

import { backendOf } from '../backends/index.ts';
import { joinAddress } from '../model/addresses.ts';
import { type Plan, type PlannedService, serversBy } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { added, allOf, anyOf, changed, gone } from './sign.ts';
import { fails, unanswered } from './symptom.ts';

export const wrongListen: Fault = {
  id: 'wrong-listen',
  family: 'daemon',
  title: 'the web server of a real server listens on its own address only',
  cause:
    'Requests have the VIP as destination, and no socket listens there: the kernel refuses them. Health checks ask the real server at its own address and find nothing wrong.',
  sign: allOf(gone('socket', /^tcp /), anyOf(added('socket', /^tcp /), changed('file', /^\/etc\/apache2\//, {}))),
  places: (plan) =>
    serversBy(plan, 'dr', 'tun').flatMap(({ node, address }) => {
      const services = servicesOfPages(plan, node);
      const ports = [...new Set(services.flatMap(({ endpoints }) => endpoints.map(({ port }) => port)))];
      if (ports.length === 0) return [];
      const symptom = fails(plan, [node], services);
      const own = ports.map((port) => [String(port), joinAddress(address, port)] as const);
      return [
        {
          name: node,
          nodes: [node],
          make: [{ on: node, run: listen(own) }],
          mend: [{ on: node, run: listen(own.map(([port, place]) => [place, port])) }],
          witness: {
            on: node,
            run: sh`ss -H -l -n -t src ${address} | grep -q ${`:${ports[0]} `}`,
          },
          symptom,
          check: { id: 'listening', hint: [node, 'ss -lntup'] },
          also: unanswered(plan, symptom),
        },
      ];
    }),
};

/** Services of a real server with pages at every port. Apache serves them. */
function servicesOfPages({ services }: Plan, node: string): PlannedService[] {
  return services.filter(
    ({ destinations, endpoints }) =>
      destinations.some(({ server }) => server === node) &&
      endpoints.every(({ backend }) => backendOf(backend).pages !== undefined),
  );
}

/** Makes Apache listen elsewhere: at the second address or port of each pair instead of the first. */
function listen(changes: readonly (readonly [from: string, to: string])[]): string {
  const edits = changes.flatMap(([from, to]) => {
    const pattern = from.replace(/[.[\]]/g, '\\$&');
    return ['-e', `s/^\\([[:space:]]*\\)Listen ${pattern}$/\\1Listen ${to}/`];
  });
  const files = ['ports.conf', 'sites-enabled/000-default.conf'];
  return sh`cd /etc/apache2 && sed -i ${[...edits, ...files]} && systemctl restart apache2`;
}

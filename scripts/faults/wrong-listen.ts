import { joinAddress } from '../model/addresses.ts';
import { serversBy } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { listenElsewhere, listensAtAnother } from './listen-elsewhere.ts';
import { servicesOfPages } from './pages.ts';
import { sh } from './sh.ts';
import { fails, unanswered } from './symptom.ts';

export const wrongListen: Fault = {
  id: 'wrong-listen',
  family: 'daemon',
  title: 'the web server of a real server listens only on its RIP',
  cause:
    'Requests have the VIP as destination, and no socket listens there, so the kernel refuses them. Health checks ask the real server at its RIP and find nothing wrong.',
  sign: listensAtAnother('address'),
  places: (plan) =>
    serversBy(plan, 'dr', 'tun').flatMap(({ node, address }) => {
      const services = servicesOfPages(plan, node);
      const ports = [...new Set(services.flatMap(({ endpoints }) => endpoints.map(({ port }) => port)))];
      if (ports.length === 0) return [];
      const symptom = fails(plan, [node], services, 'refused');
      const own = ports.map((port) => [String(port), joinAddress(address, port)] as const);
      return [
        {
          name: node,
          nodes: [node],
          make: [{ on: node, run: listenElsewhere(own) }],
          mend: [{ on: node, run: listenElsewhere(own.map(([port, place]) => [place, port])) }],
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

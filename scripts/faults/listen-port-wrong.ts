import type { Fault } from './fault.ts';
import { listenElsewhere, listensAtAnother } from './listen-elsewhere.ts';
import { pageServers } from './pages.ts';
import { servedAt } from './servers.ts';
import { failsUntilNoticed } from './symptom.ts';
import { nobodyListens } from './witness.ts';

export const listenPortWrong: Fault = {
  id: 'listen-port-wrong',
  family: 'daemon',
  title: 'the web server of a real server listens on another port',
  cause:
    'The web server runs, and its log shows no error. But nobody listens at the port of the service, so the kernel refuses requests.',
  sign: listensAtAnother('port'),
  places: (plan) =>
    pageServers(plan).map(({ node, services }) => {
      const ports = [
        ...new Set(services.flatMap((service) => service.endpoints.map((_, at) => portAt(service, node, at)))),
      ];
      const wrong = ports.map((port) => [String(port), String(port + 10_000)] as const);
      const [first] = services;
      return {
        name: node,
        nodes: [node],
        make: [{ on: node, run: listenElsewhere(wrong) }],
        mend: [{ on: node, run: listenElsewhere(wrong.map(([right, other]) => [other, right])) }],
        witness: nobodyListens(node, { protocol: 'tcp', port: first ? portAt(first, node, 0) : 0 }),
        symptom: failsUntilNoticed(plan, [node], services, 'refused'),
      };
    }),
};

function portAt(service: Parameters<typeof servedAt>[0], node: string, at: number): number {
  return servedAt({ ...service, endpoints: service.endpoints.slice(at, at + 1) }, node).port;
}

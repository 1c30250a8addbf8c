import type { Fault } from './fault.ts';
import { newRule } from './new-rule.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { forwardedServers, servedAt, servicesOf } from './servers.ts';
import { failsUntilNoticed } from './symptom.ts';
import { noConnectionTo } from './witness.ts';

export const firewallRejects: Fault = {
  id: 'firewall-rejects',
  family: 'firewall',
  title: 'a firewall of a real server rejects the requests of a service',
  cause: 'The client gets a refusal at once, as if nobody listened. But the daemon runs and listens.',
  sign: newRule(/reject/),
  places: (plan) =>
    forwardedServers(plan).flatMap(({ node, address }) => {
      const [service] = servicesOf(plan, node);
      if (service?.protocol !== 'tcp') return [];
      const { port } = servedAt(service, node);
      const hurt = servicesOf(plan, node).filter(
        (one) => one.endpoints.length === 1 && servedAt(one, node).port === port,
      );
      if (!hurt.includes(service)) return [];
      return [
        {
          name: node,
          nodes: [node],
          make: [setTable(node, 'inet web', chain('input', `tcp dport ${port} reject with tcp reset`))],
          mend: [dropTable(node, 'inet web')],
          witness: noConnectionTo(plan, address, port),
          symptom: failsUntilNoticed(plan, [node], hurt, 'refused'),
        },
      ];
    }),
};

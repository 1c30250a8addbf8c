import type { Fault } from './fault.ts';
import { forwardedPorts } from './forwarded-ports.ts';
import { newRule } from './new-rule.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { failsUntilNoticed } from './symptom.ts';
import { noConnectionTo } from './witness.ts';

export const firewallRejects: Fault = {
  id: 'firewall-rejects',
  family: 'firewall',
  title: 'a firewall of a real server rejects the requests of a service',
  cause: 'The client gets a refusal at once, as if nobody listened. But the daemon runs and listens.',
  sign: newRule(/reject/),
  places: (plan) =>
    forwardedPorts(plan).map(({ node, address, port, services }) => {
      return {
        name: node,
        nodes: [node],
        make: [setTable(node, 'inet web', chain('input', `tcp dport ${port} reject with tcp reset`))],
        mend: [dropTable(node, 'inet web')],
        witness: noConnectionTo(plan, address, port),
        symptom: failsUntilNoticed(plan, [node], services, 'refused'),
      };
    }),
};

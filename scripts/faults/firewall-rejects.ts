import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { forwardedPorts } from './forwarded-ports.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { failsUntilNoticed } from './symptom.ts';
import { noConnectionTo } from './witness.ts';

export const firewallRejects: Fault = {
  id: 'firewall-rejects',
  family: 'firewall',
  title: 'a firewall on a real server rejects the requests of a service',
  cause:
    'The client is refused at once, as if no daemon listened. But the firewall decides, whether a daemon listens or not.',
  sign: (change) => {
    const requests = ended(change, packetsAt(change, 'in', ['request']));
    return endingDifferences(
      change,
      requests.filter(({ ending }) => ending.verdict === 'reject'),
    ).filter(({ section }) => section === 'nft');
  },
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

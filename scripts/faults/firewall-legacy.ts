import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { forwardedPorts } from './forwarded-ports.ts';
import { failsUntilNoticed } from './symptom.ts';
import { noConnectionTo } from './witness.ts';

export const firewallLegacy: Fault = {
  id: 'firewall-legacy',
  family: 'firewall',
  title: 'a rule of iptables-legacy drops the requests of a service on a real server',
  cause: 'The kernel has two firewalls. `nft list ruleset` and `iptables -L` do not show the rules of the older one.',
  sign: (change) =>
    endingDifferences(change, ended(change, packetsAt(change, 'in', ['request']))).filter(
      ({ section }) => section !== 'nft',
    ),
  places: (plan) => {
    const iptables = plan.family === 6 ? 'ip6tables-legacy' : 'iptables-legacy';
    return forwardedPorts(plan).map(({ node, address, port, services }) => {
      const rule = `INPUT -p tcp --dport ${port} -j DROP`;
      const there = `${iptables} -C ${rule} 2> /dev/null`;
      return {
        name: node,
        nodes: [node],
        make: [{ on: node, run: `${there} || ${iptables} -I ${rule}` }],
        mend: [{ on: node, run: `while ${there}; do ${iptables} -D ${rule}; done` }],
        witness: noConnectionTo(plan, address, port),
        symptom: failsUntilNoticed(plan, [node], services),
      };
    });
  },
};

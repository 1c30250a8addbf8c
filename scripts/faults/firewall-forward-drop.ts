import { allEnded, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { forwarders } from './forwarders.ts';
import { unanswered } from './symptom.ts';

export const firewallForwardDrop: Fault = {
  id: 'firewall-forward-drop',
  family: 'firewall',
  title: 'a firewall drops all packets that are forwarded: iptables -P FORWARD DROP',
  cause: 'The director or the router drops every packet that it should forward, whatever ip_forward says.',
  sign: (change) => {
    const all = allEnded(change, packetsAt(change, 'forward', ['request', 'answer', 'check', 'checked']));
    return endingDifferences(change, all.every(({ ending }) => ending.verdict === 'drop') ? all : []);
  },
  places: (plan) => {
    const [iptables, table] = plan.family === 6 ? ['ip6tables', 'ip6'] : ['iptables', 'ip'];
    return forwarders(plan).map(({ node, witness, symptom }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: `${iptables} -P FORWARD DROP` }],
      mend: [{ on: node, run: `nft 'table ${table} filter; delete table ${table} filter'` }],
      witness,
      symptom,
      check: { id: 'firewall', hint: [node, `nft delete table ${table} filter`] },
      also: unanswered(plan, symptom),
    }));
  },
};

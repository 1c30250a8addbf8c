import { serversBy, theNode } from '../plan/plan.ts';
import { allEnded, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { dropTable, setTable } from './own-table.ts';
import { failsUntilNoticed, unanswered } from './symptom.ts';
import { noEcho } from './witness.ts';

export const firewallSshOnly: Fault = {
  id: 'firewall-ssh-only',
  family: 'firewall',
  title: 'a firewall on a real server lets only SSH in',
  cause: 'The firewall drops requests without an answer, so the client waits until it gives up.',
  sign: (change) => {
    const all = allEnded(change, packetsAt(change, 'in', ['request', 'check']));
    return endingDifferences(change, all).filter(
      ({ key, after }) => /^chain /.test(key) && /policy drop/.test(after ?? ''),
    );
  },
  places: (plan) => {
    // A member of an OCFS2 cluster that hears no other member stops itself.
    const members = plan.site?.files === 'ocfs2' ? plan.site.mounts.map(({ node }) => node) : [];
    return serversBy(plan, 'nat', 'dr', 'tun')
      .filter(({ node }) => !members.includes(node))
      .map(({ node, address }) => {
        const symptom = failsUntilNoticed(plan, [node]);
        return {
          name: node,
          nodes: [node],
          make: [
            setTable(
              node,
              'inet own',
              'chain input { type filter hook input priority filter; policy drop; tcp dport 22 accept; }',
            ),
          ],
          mend: [dropTable(node, 'inet own')],
          witness: noEcho(theNode(plan, 'director').name, address),
          symptom,
          check: { id: 'firewall', hint: [node, 'nft list ruleset', 'nft delete table inet own'] },
          also: [...unanswered(plan, symptom), 'reachable'],
        };
      });
  },
};

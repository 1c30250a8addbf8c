import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { noEcho } from './witness.ts';

export const firewallNeighboursDrop: Fault = {
  id: 'firewall-neighbours-drop',
  family: 'firewall',
  title: 'a firewall on a real server drops requests for its MAC address',
  cause:
    'Once the director has forgotten the MAC address, it cannot send anything to the real server. `iptables -L` does not show the rule: it belongs to arptables or nftables.',
  sign: (change) => {
    const all = [...packetsAt(change, 'in', ['neighbour']), ...packetsAt(change, 'out', ['neighbour'])];
    // What it asks itself is another matter.
    const asked = all.filter(({ type, hooks }) => /request|solicit/.test(type ?? '') === hooks.includes('input'));
    return endingDifferences(change, ended(change, asked));
  },
  places: (plan) =>
    nearServers(plan).map(({ server: { node, address }, director, near }) => {
      const [table, rule] =
        plan.family === 6
          ? ['ip6 quiet', 'icmpv6 type nd-neighbor-solicit drop']
          : ['arp quiet', 'arp operation request drop'];
      return {
        name: node,
        nodes: [node],
        make: [
          setTable(node, table, chain('input', rule)),
          onNic(director.name, near.address, sh`ip neighbour flush to ${address} dev "$nic"`),
        ],
        mend: [
          dropTable(node, table),
          onNic(director.name, near.address, sh`ip neighbour flush to ${address} dev "$nic"`),
        ],
        witness: noEcho(director.name, address),
        // It can be reached again whenever it has asked for the director's MAC address itself.
        symptom: { kind: 'varies' },
      };
    }),
};

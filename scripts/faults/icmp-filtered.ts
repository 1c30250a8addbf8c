import { theNode } from '../plan/plan.ts';
import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault, Place } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { hasPages, pageOf } from './pages.ts';
import { sh } from './sh.ts';
import { sharesOf } from './symptom.ts';

export const icmpFiltered: Fault = {
  id: 'icmp-filtered',
  family: 'mtu',
  title: 'a firewall on the client drops the ICMP errors that say that a packet is too long',
  cause:
    'The tunnel to the real server needs some bytes of each packet, and the director tells the client so by ICMP. A client that does not get this error keeps sending packets that are too long.',
  sign: (change) => endingDifferences(change, ended(change, packetsAt(change, 'in', ['too long']))),
  places: (plan) => {
    const [service] = plan.services.filter(
      (one) => hasPages(one) && one.destinations.every(({ mode }) => mode === 'tun'),
    );
    if (!service) return [];
    const client = theNode(plan, 'client').name;
    const servers = plan.realServers.filter(({ mode }) => mode === 'tun').map(({ node }) => node);
    const rule =
      plan.family === 6
        ? 'icmpv6 type packet-too-big drop'
        : 'icmp type destination-unreachable icmp code frag-needed drop';
    return [
      {
        name: client,
        nodes: [client],
        // A client that has sent long requests before already knows the path MTU.
        make: [
          setTable(client, 'inet icmp', chain('input', rule)),
          { on: client, run: `ip -${plan.family} route flush cache` },
        ],
        mend: [dropTable(client, 'inet icmp')],
        witness: {
          on: client,
          run: sh`head -c 20000 /dev/zero | curl -s -k -m 4 -o /dev/null -H Expect: --data-binary @- ${pageOf(service)}; [ $? = 28 ]`,
        },
        symptom: { kind: 'long fails', of: sharesOf(plan, servers), long: 'requests' },
      } satisfies Place,
    ];
  },
};

import { theNode } from '../plan/plan.ts';
import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Fault } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { nameWithService } from './servers.ts';
import { fails } from './symptom.ts';
import { noConnection } from './witness.ts';

export const firewallDirectorDrop: Fault = {
  id: 'firewall-director-drop',
  family: 'firewall',
  title: 'a firewall on the director drops the requests of a service',
  cause:
    'IPVS takes requests at the end of netfilter’s INPUT hook. A firewall rule there decides first, so IPVS never sees the request.',
  sign: (change) => {
    const requests = ended(change, packetsAt(change, 'in', ['request']));
    return endingDifferences(
      change,
      requests.filter(({ ending }) => ending.verdict === 'drop'),
    );
  },
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    const all = plan.realServers.map(({ node }) => node);
    return plan.services
      .filter(({ protocol }) => protocol === 'tcp')
      .map((service) => {
        const { vip, endpoints } = service;
        const ports = endpoints.map(({ port }) => port).join(', ');
        const rule = `${plan.family === 6 ? 'ip6' : 'ip'} daddr ${vip} tcp dport { ${ports} } drop`;
        return {
          name: nameWithService(plan, director, service),
          nodes: [director],
          make: [setTable(director, 'inet entry', chain('input', rule))],
          mend: [dropTable(director, 'inet entry')],
          witness: noConnection(plan, service),
          symptom: fails(plan, all, [service]),
        };
      });
  },
};

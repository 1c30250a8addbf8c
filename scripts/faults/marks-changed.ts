import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { chain, dropTable, setTable } from './own-table.ts';
import { remarked } from './remarked.ts';
import { unbalanced } from './symptom.ts';
import { noConnection } from './witness.ts';

export const marksChanged: Fault = {
  id: 'marks-changed',
  family: 'ipvs',
  title: 'another firewall rule on the director changes the firewall mark of a service',
  cause:
    'The last rule that sets a mark counts. IPVS has no service for that mark, so the director treats the packet as its own.',
  sign: remarked,
  places: (plan) => {
    const marked = plan.services.filter(({ fwmark }) => fwmark > 0);
    const [first] = marked;
    if (!first) return [];
    const director = theNode(plan, 'director').name;
    const marks = marked.map(({ fwmark }) => fwmark).join(', ');
    return [
      {
        name: director,
        nodes: [director],
        make: [
          setTable(director, 'inet shaping', chain('prerouting', `meta mark { ${marks} } meta mark set 99999`, -140)),
        ],
        mend: [dropTable(director, 'inet shaping')],
        witness: noConnection(plan, first),
        symptom: unbalanced(plan, marked),
      },
    ];
  },
};

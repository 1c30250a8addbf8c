import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { unbalanced } from './symptom.ts';

export const marksMissing: Fault = {
  id: 'marks-missing',
  title: 'the director does not set the firewall mark on the packets of a service',
  cause: 'A packet without the mark belongs to no service, so the director handles it as its own.',
  places: (plan) => {
    const marked = plan.services.filter(({ fwmark }) => fwmark > 0);
    if (marked.length === 0) return [];
    const director = theNode(plan, 'director').name;
    return [
      {
        name: director,
        make: [{ on: director, run: "nft 'table inet lvs_lab_marks; delete table inet lvs_lab_marks'" }],
        symptom: unbalanced(plan, marked),
        check: { id: 'marks', hint: ['nft list ruleset'] },
      },
    ];
  },
};

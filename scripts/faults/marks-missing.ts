import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { unbalanced } from './symptom.ts';

export const marksMissing: Fault = {
  id: 'marks-missing',
  title: 'the director does not mark what comes for a service by firewall mark',
  cause: 'A packet without the mark belongs to no service: the director takes it for itself.',
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

import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { gone } from './sign.ts';
import { unbalanced } from './symptom.ts';
import { noConnection } from './witness.ts';

export const marksMissing: Fault = {
  id: 'marks-missing',
  family: 'ipvs',
  title: 'the director does not set the firewall mark on the packets of a service',
  cause: 'A packet without the mark belongs to no service, so the director treats it as its own.',
  sign: gone('nft', /^table inet lvs_lab_marks$/),
  places: (plan) => {
    const marked = plan.services.filter(({ fwmark }) => fwmark > 0);
    const [first] = marked;
    if (!first) return [];
    const director = theNode(plan, 'director').name;
    return [
      {
        name: director,
        nodes: [director],
        make: [{ on: director, run: "nft 'table inet lvs_lab_marks; delete table inet lvs_lab_marks'" }],
        witness: noConnection(plan, first),
        symptom: unbalanced(plan, marked),
        check: { id: 'marks', hint: ['nft list ruleset'] },
      },
    ];
  },
};

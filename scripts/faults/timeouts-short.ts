import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { changed } from './sign.ts';

/** Seconds. */
const few = 15;

export const timeoutsShort: Fault = {
  id: 'timeouts-short',
  family: 'ipvs',
  title: 'IPVS forgets connections after a few seconds without a packet',
  cause:
    'Short requests end before that. A connection that is silent for longer breaks, because the director does not know its next packet. Over UDP, two requests of one client soon go to different real servers.',
  sign: (change) =>
    changed('ipvs', /^timeouts$/, { before: /./, after: /./ })(change).filter(({ before = '', after = '' }) => {
      const [was = 0] = before.split(' ').map(Number);
      const [is = 0] = after.split(' ').map(Number);
      return is <= few && is < was;
    }),
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    return [
      {
        name: director,
        nodes: [director],
        make: [{ on: director, run: 'ipvsadm --set 5 2 2' }],
        witness: { on: director, run: `[ "$(ipvsadm -l --timeout | tr -dc '0-9 ' | tr -s ' ')" = ' 5 2 2' ]` },
        symptom: { kind: 'none' },
      },
    ];
  },
};

import { theNode, weightsFollowLoad } from '../plan/plan.ts';
import type { Fault } from './fault.ts';

export const loadIgnored: Fault = {
  id: 'load-ignored',
  title: 'the program that weighs real servers finds none of them busy',
  cause: 'keepalived takes exit code 0 for the weight in its configuration, however busy the real server is.',
  places: (plan) => {
    if (!weightsFollowLoad(plan)) return [];
    const director = theNode(plan, 'director').name;
    return [
      {
        name: director,
        make: [{ on: director, run: "printf '#!/bin/sh\\nexit 0\\n' > /etc/keepalived/weigh" }],
        symptom: { kind: 'none' },
        check: { id: 'load-weights', hint: ['/etc/keepalived/weigh'] },
      },
    ];
  },
};

import { theNode, weightsFollowLoad } from '../plan/plan.ts';
import type { Fault } from './fault.ts';

export const loadIgnored: Fault = {
  id: 'load-ignored',
  title: 'the script that measures the load of real servers always reports idle',
  cause: 'For exit code 0 keepalived sets the weight of its configuration, however busy the real server is.',
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

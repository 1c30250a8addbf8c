import { theNode, weightsFollowLoad } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { changed } from './sign.ts';

export const loadIgnored: Fault = {
  id: 'load-ignored',
  family: 'application',
  title: 'the script that measures the load of the real servers always reports that they are idle',
  cause:
    'The script always ends with exit code 0. Then keepalived uses the configured weight, however busy the real server is.',
  sign: changed('file', /^\/etc\/keepalived\/weigh$/, { after: /^exit 0$/ }),
  places: (plan) => {
    if (!weightsFollowLoad(plan)) return [];
    const director = theNode(plan, 'director').name;
    return [
      {
        name: director,
        nodes: [director],
        make: [{ on: director, run: "printf '#!/bin/sh\\nexit 0\\n' > /etc/keepalived/weigh" }],
        // An address where nobody listens: the right script reports that as a very busy real server.
        witness: { on: director, run: 'timeout 20 /etc/keepalived/weigh 127.0.0.1 9 lvs-lab-witness' },
        symptom: { kind: 'none' },
        check: { id: 'load-weights', hint: ['/etc/keepalived/weigh'] },
      },
    ];
  },
};

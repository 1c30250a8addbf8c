import { serversBy } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { gone } from './sign.ts';
import { fails } from './symptom.ts';
import { nobodyListens } from './witness.ts';

export const guePortClosed: Fault = {
  id: 'gue-port-closed',
  family: 'ipvs',
  title: 'a real server does not unwrap GUE',
  cause: 'Requests arrive in UDP datagrams at a closed port. Nothing on the director shows that.',
  sign: gone('fou', /^port /),
  places: (plan) =>
    serversBy(plan, 'tun')
      .filter(({ tunnel }) => tunnel === 'gue')
      .map(({ node, tunnelPort }) => ({
        name: node,
        nodes: [node],
        make: [
          {
            on: node,
            run: sh`if ip fou show | grep -q ${`^port ${tunnelPort} gue`}; then ip fou del port ${tunnelPort}; fi`,
          },
        ],
        witness: nobodyListens(node, { protocol: 'udp', port: tunnelPort }),
        symptom: fails(plan, [node]),
        check: { id: 'gue', hint: [node, `ip fou add port ${tunnelPort} gue`] },
      })),
};

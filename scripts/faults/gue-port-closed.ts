import { serversBy } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { fails } from './symptom.ts';

export const guePortClosed: Fault = {
  id: 'gue-port-closed',
  title: 'a real server takes no GUE out of UDP',
  cause: 'Requests arrive as datagrams for a port that nobody has open, and the director looks perfect.',
  places: (plan) =>
    serversBy(plan, 'tun')
      .filter(({ tunnel }) => tunnel === 'gue')
      .map(({ node, tunnelPort }) => ({
        name: node,
        make: [
          {
            on: node,
            run: sh`if ip fou show | grep -q ${`^port ${tunnelPort} gue`}; then ip fou del port ${tunnelPort}; fi`,
          },
        ],
        symptom: fails(plan, [node]),
        check: { id: 'gue', hint: [node, `ip fou add port ${tunnelPort} gue`] },
      })),
};

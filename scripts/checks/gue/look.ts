import { serversBy } from '../../plan/plan.ts';
import type { Look } from '../looks/look.ts';

/** Ports on which a real server unwraps GUE: lines of ip fou show, `port 6080 gue`. */
export const fou: Look<string[]> = {
  name: 'fou',
  about: 'ip fou show on each real server by TUN with GUE',
  on: (plan, { name }) =>
    serversBy(plan, 'tun').some(({ node, tunnel }) => node === name && tunnel === 'gue') ? {} : undefined,
  templates: { after: 'checks/gue/show' },
  parse: (printed) =>
    printed
      .in('after')
      .split('\n')
      .filter((line) => line.startsWith('port')),
};

import { theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { gone } from './sign.ts';

export const clockDaemonDown: Fault = {
  id: 'clock-daemon-down',
  family: 'time',
  title: 'chrony is down on a real server or on the director',
  cause: 'Nothing corrects the clock any more, and it drifts.',
  sign: gone('process', /^chrony/),
  places: (plan) => {
    if (plan.clock.length === 0) return [];
    const director = theNode(plan, 'director').name;
    const nodes = [...plan.clock.map(({ node }) => node), director];
    return nodes.map((node) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: 'systemctl stop chrony' }],
      witness: { on: node, run: '! chronyc -n tracking > /dev/null 2>&1' },
      symptom: { kind: 'none' },
      check:
        node === director
          ? { id: 'clock-mended', hint: [director, 'systemctl status chrony'] }
          : { id: 'clock', hint: [node, 'systemctl start chrony'] },
    }));
  },
};

import type { Health } from '../model/lab.ts';
import { theNode, weightsFollowLoad } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { anyOf, changed, gone } from './sign.ts';
import { noProcess, processIn } from './witness.ts';

export const checkerDead: Fault = {
  id: 'checker-dead',
  family: 'daemon',
  title: 'the program that checks the real servers is dead or hangs',
  cause: 'Nobody updates the IPVS table any more. Nothing is wrong until a real server fails.',
  sign: anyOf(gone('process', /^ldirectord/), changed('process', /^keepalived/, { after: /stopped/ })),
  places: (plan) => {
    // With two directors keepalived does VRRP as well, so this would move the VIP: see vrrp-daemon-dead.
    if (!plan.health || plan.backup) return [];
    const { by } = plan.health;
    const { signal, undone } = signals[by];
    const director = theNode(plan, 'director').name;
    const kill = (name: string) => [{ on: director, run: sh`systemctl kill --signal=${name} ${by}` }];
    return [
      {
        name: director,
        nodes: [director],
        make: kill(signal),
        ...(undone && { mend: kill(undone) }),
        witness: undone ? processIn(director, by, 'T') : noProcess(director, by),
        symptom: { kind: 'none' },
        check: { id: 'health-out', hint: [by] },
        also: weightsFollowLoad(plan) ? ['load-weights'] : [],
      },
    ];
  },
};

/** If keepalived is killed, its child notices and clears the table. So keepalived is stopped (SIGSTOP) instead. */
const signals: Record<Health['by'], { signal: string; undone?: string }> = {
  ldirectord: { signal: 'KILL' },
  keepalived: { signal: 'STOP', undone: 'CONT' },
};

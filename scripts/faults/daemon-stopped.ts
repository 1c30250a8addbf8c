import type { Daemon } from '../backends/backend.ts';
import { daemonsOn, unitsOf } from './daemons-on.ts';
import type { Fault } from './fault.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';

export const daemonStopped: Fault = {
  id: 'daemon-stopped',
  family: 'daemon',
  title: 'the daemon of a real server is frozen by the signal SIGSTOP',
  cause:
    'The kernel still accepts connections for it, but nobody reads from them. `systemctl status` shows it as active.',
  sign: changed('process', ({ plan, node }) => unitsOf(daemonsOn(plan, node).map(({ daemon }) => daemon)), {
    after: /^stopped/,
  }),
  places: (plan) =>
    plan.realServers.flatMap(({ node }) => {
      const daemons = daemonsOn(plan, node).filter(({ daemon }) => isOneUnit(daemon));
      return daemons.map(({ daemon, services }) => ({
        name: daemons.length > 1 ? `${node} ${daemon.name}` : node,
        nodes: [node],
        make: [{ on: node, run: sh`systemctl kill --signal=STOP ${daemon.unit}` }],
        mend: [{ on: node, run: sh`{ systemctl kill --signal=CONT ${daemon.unit} 2> /dev/null || :; }` }],
        witness: {
          on: node,
          run: sh`grep -q '^State:.*T' "/proc/$(systemctl show --property=MainPID --value ${daemon.unit})/status"`,
        },
        symptom: failsUntilNoticed(plan, [node], services),
      }));
    }),
};

/** Whether one process serves. For a socket unit systemd starts a process for each connection. */
function isOneUnit({ unit }: Daemon): boolean {
  return /^[\w-]+$/.test(unit);
}

import { inUse, theNode } from '../plan/plan.ts';
import { editServer } from './edit-rules.ts';
import type { Fault, Witness } from './fault.ts';
import { takingTurns } from './scheduler-wrong.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { changed, type Sign } from './sign.ts';

/** Every real server of a service that gets requests may have one connection. */
const oneEach: Sign = (change) => {
  const found = changed('ipvs', / -r /, { after: / -x 1( |$)/ })(change);
  return found.filter(({ key }) => {
    const all = change.after
      .below('ipvs', `${key.split(' -r ')[0]} -r `)
      .filter(({ value }) => !/ -w 0( |$)/.test(value));
    return all.every(({ value }) => / -x 1( |$)/.test(value));
  });
};

export const thresholdLow: Fault = {
  id: 'threshold-low',
  family: 'ipvs',
  title: 'each real server of a service may have only one connection: its upper threshold is 1',
  cause:
    'IPVS still counts a closed connection for two minutes. After one request to each real server it refuses new ones, until it has forgotten one of these connections.',
  sign: oneEach,
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    return takingTurns(plan)
      .filter(({ protocol }) => protocol === 'tcp')
      .map((service) => ({
        name: nameWithService(plan, director, service),
        nodes: [director],
        make: inUse(service).map((one) => ({ on: director, run: editServer(service, one, { upper: 1, lower: 0 }) })),
        witness: soonRefused(theNode(plan, 'client').name, service),
        symptom: { kind: 'varies' },
      }));
  },
};

/** Of twice as many connections as there are real servers, one is refused. */
function soonRefused(
  on: string,
  { vip, endpoints, destinations }: { vip: string; endpoints: { port: number }[]; destinations: unknown[] },
): Witness {
  const tries = [...destinations, ...destinations].map(() => 'x');
  const connect = sh`nc -z -w 3 ${vip} ${endpoints[0]?.port ?? 0} < /dev/null 2> /dev/null`;
  return { on, run: `${sh`for _ in ${tries}; do`} ${connect} || exit 0; done; exit 1` };
}

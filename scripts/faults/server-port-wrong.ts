import { ipvsadmName, tableOf } from '../ipvs/rules.ts';
import { formatRules } from '../ipvs/table.ts';
import { joinAddress } from '../model/addresses.ts';
import { inUse, theNode } from '../plan/plan.ts';
import type { StateDifference } from '../state/state.ts';
import type { Fault } from './fault.ts';
import { noServerInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { added, gone, type Sign } from './sign.ts';
import { fails } from './symptom.ts';

/** A port at which no real server of a lab serves. */
const nobody = 8181;

/** `-t 192.168.1.3:80 -r 172.16.10.13` without its port. */
const withoutPort = ({ key }: StateDifference) => key.replace(/:\d+$/, '');

/** A real server of a service is in the table with another port. */
const atAnotherPort: Sign = (change) => {
  const out = gone('ipvs', / -r /)(change);
  const now = added('ipvs', / -r /)(change);
  const moved = now.filter((one) => out.some((other) => withoutPort(other) === withoutPort(one)));
  return [...out.filter((one) => moved.some((other) => withoutPort(other) === withoutPort(one))), ...moved];
};

export const serverPortWrong: Fault = {
  id: 'server-port-wrong',
  family: 'ipvs',
  title: 'the director sends requests to a port of a real server where nobody listens',
  cause: 'NAT can change the port of a request. The real server refuses requests to a port without a daemon.',
  sign: atAnotherPort,
  places: (plan) => {
    // With health checks another program manages the table.
    if (plan.health) return [];
    const director = theNode(plan, 'director').name;
    return plan.services
      .filter(({ fwmark, allPorts, protocol }) => fwmark === 0 && !allPorts && protocol === 'tcp')
      .flatMap((service) =>
        inUse(service)
          .filter(({ mode, local }) => mode === 'nat' && !local)
          .map((destination) => {
            const table = tableOf({ ...service, destinations: [{ ...destination, port: nobody }] });
            const [, wrong = ''] = formatRules([table]).split('\n');
            const own = tableOf({ ...service, destinations: [destination] }).servers[0];
            const name = ipvsadmName(service).split(' ');
            const target = (port: number) => ['-r', joinAddress(destination.address, port)];
            // The first run replaces the right port. A second run finds the wrong port and sets it again.
            const out = [own?.port ?? 0, nobody].map((port) => {
              return sh`{ ipvsadm -d ${[...name, ...target(port)]} 2> /dev/null || :; }`;
            });
            return {
              name: nameWithService(plan, destination.server, service),
              nodes: [director],
              make: [{ on: director, run: `${out.join(' && ')} && ${sh`ipvsadm ${wrong.split(' ')}`}` }],
              witness: noServerInKernel(director, service, destination),
              symptom: fails(plan, [destination.server], [service], 'refused'),
            };
          }),
      );
  },
};

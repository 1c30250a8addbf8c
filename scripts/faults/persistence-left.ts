import { tableOf } from '../ipvs/rules.ts';
import { inUse, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { serviceInKernel } from './kernel-table.ts';
import { takingTurns, words } from './scheduler-wrong.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';

export const persistenceLeft: Fault = {
  id: 'persistence-left',
  family: 'ipvs',
  title: 'a service is persistent by mistake',
  cause: 'Until its time-out ends, all requests of a client go to the real server that got its first request.',
  sign: changed('ipvs', /^-\S+ \S+$/, { before: /^(?!.* -p )/, after: / -p / }),
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    return takingTurns(plan).map((service) => {
      const { name, scheduler, options } = tableOf(service);
      const servers = inUse(service).map(({ server }) => server);
      return {
        name: nameWithService(plan, director, service),
        nodes: [director],
        make: [
          {
            on: director,
            run: sh`ipvsadm -E ${[...name.split(' '), '-s', scheduler, '-p', '300', ...words(options)]}`,
          },
        ],
        witness: serviceInKernel(director, service, '/ persistent /'),
        symptom: { kind: 'one server', of: sharesOf(plan, servers, [service]) },
      };
    });
  },
};

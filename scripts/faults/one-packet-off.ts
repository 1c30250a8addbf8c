import { tableOf } from '../ipvs/rules.ts';
import { inUse, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { serviceInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';

export const onePacketOff: Fault = {
  id: 'one-packet-off',
  family: 'ipvs',
  title: 'one-packet scheduling is off',
  cause: 'Without it all packets from one client port go to the real server that got the first one.',
  sign: changed('ipvs', /^(-u|-f) \S+$/, { before: /(^| )-o( |$)/, after: /^(?!.*(^| )-o( |$))/ }),
  places: (plan) => {
    const director = theNode(plan, 'director').name;
    return plan.services
      .filter(({ ops }) => ops)
      .map((service) => {
        const { name, scheduler, options } = tableOf(service);
        const others = options.split(' ').filter((word) => word !== '-o');
        const servers = inUse(service).map(({ server }) => server);
        return {
          nodes: [director],
          name: nameWithService(plan, director, service),
          make: [{ on: director, run: sh`ipvsadm -E ${[...name.split(' '), '-s', scheduler, ...others]}` }],
          witness: serviceInKernel(director, service, '$4 != "ops"'),
          symptom: { kind: 'one server', of: sharesOf(plan, servers, [service]) },
          check: { id: 'table', hint: ['ipvsadm -Ln'] },
        };
      });
  },
};

import { tableOf } from '../ipvs/rules.ts';
import { joinAddress } from '../model/addresses.ts';
import { inUse, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { noServerInKernel } from './kernel-table.ts';
import { nameWithService } from './servers.ts';
import { sh } from './sh.ts';
import { added, gone, without } from './sign.ts';
import { fails, type Symptom, sharesOf } from './symptom.ts';

export const serverMissing: Fault = {
  id: 'server-missing',
  family: 'ipvs',
  title: 'a service of the director lacks a real server',
  cause: 'The other real servers do its work. Users notice when these are few or busy.',
  sign: without(gone('ipvs', / -r /), gone('ipvs', /^-\S+ \S+$/), added('ipvs', / -r /)),
  places: (plan) => {
    // With health checks another program manages the table.
    if (plan.health) return [];
    const director = theNode(plan, 'director').name;
    return plan.services.flatMap((service) =>
      inUse(service).map((destination) => {
        const { name, servers } = tableOf({ ...service, destinations: [destination] });
        const target = joinAddress(destination.address, servers[0]?.port ?? 0);
        const there = noServerInKernel(director, service, destination).run.replace(/^! /, '');
        return {
          name: nameWithService(plan, destination.server, service),
          nodes: [director],
          make: [{ on: director, run: `! ${there} || ${sh`ipvsadm -d ${[...name.split(' '), '-r', target]}`}` }],
          witness: noServerInKernel(director, service, destination),
          symptom: symptomOf(plan, service, destination.server),
        };
      }),
    );
  },
};

function symptomOf(plan: Plan, service: PlannedService, server: string): Symptom {
  const others = inUse(service).filter((one) => one.server !== server);
  if (others.length === 0) return fails(plan, [server], [service], 'refused');
  if (others.some(({ uthreshold }) => uthreshold > 0)) return { kind: 'varies' };
  return { kind: 'unused', of: sharesOf(plan, [server], [service]) };
}

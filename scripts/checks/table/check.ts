import { methodNames } from '../../ipvs/methods.ts';
import { serviceName, tableOf } from '../../ipvs/rules.ts';
import { theNode } from '../../plan/plan.ts';
import { checkerLog } from '../../verify/checker-log.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { table as tableLook } from '../looks/table.ts';
import { differencesOf } from './differences.ts';

/** The table holds what was planned: service, scheduler, options, real servers, weights and forwarding method. */
const judge: ServiceJudge = (plan, service, seen) => {
  const planned = tableOf(service);
  const found = seen.of(tableLook, theNode(plan, 'director').name).find(({ name }) => name === planned.name);
  const differences = found ? differencesOf(plan, planned, found, service) : [`no service ${serviceName(service)}`];
  const ok = differences.length === 0;
  const methods = [...new Set(service.destinations.map(({ mode }) => methodNames[mode]))];
  const quiesced = found?.servers.some(({ weight }) => weight === 0);
  return {
    title: 'the IPVS table is as planned',
    ok,
    expected: `${service.scheduler}, ${planned.servers.length} real servers by ${methods.join(', ')}`,
    observed: ok ? 'so it is' : differences.join('; '),
    ...(!ok && {
      hint: `${plan.health ? `a real server that fails its checks is taken out: ${checkerLog(plan)}; else ` : ''}${quiesced ? 'weight 0 quiesces a real server: it gets no new connections' : 'the table was changed by hand, or the director was made anew'}; lab up ${plan.lab} makes it right, lab ssh ${plan.lab} director -- ipvsadm -Ln shows it`,
    }),
  };
};

export const table: CheckKind = {
  id: 'table',
  about: 'the director’s IPVS table has each service as planned: scheduler, options, real servers, weights, methods',
  faults: [],
  looks: [tableLook],
  judge: ofEachService(judge),
};

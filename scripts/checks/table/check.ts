import { methodNames } from '../../ipvs/methods.ts';
import { serviceName, tableOf } from '../../ipvs/rules.ts';
import type { TableServer, TableService } from '../../ipvs/table.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import { checkerLogs } from '../checker-log.ts';
import { type Hint, up } from '../hint.ts';
import { table as tableLook } from '../looks/table.ts';
import { differencesOf } from './differences.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const planned = tableOf(service);
  const found = seen.of(tableLook, theNode(plan, 'director').name).find(({ name }) => name === planned.name);
  const differences = found ? differencesOf(plan, planned, found, service) : [`no service ${serviceName(service)}`];
  const ok = differences.length === 0;
  const methods = [...new Set(service.destinations.map(({ mode }) => methodNames[mode]))];
  const wanted = `${service.scheduler}, ${planned.servers.length} real servers by ${methods.join(', ')}`;
  const quiesced = found !== undefined && planned.servers.some((server) => isQuiesced(server, found));
  return {
    title: 'the IPVS table is as planned',
    ok,
    expected: wanted,
    observed: ok ? wanted : differences.join('; '),
    ...(!ok && { hint: hintOf(plan, quiesced) }),
  };
};

/** Whether a real server that is to get connections has weight 0 in the table that was found. */
function isQuiesced({ address, weight }: TableServer, { servers }: TableService): boolean {
  return weight > 0 && servers.some((one) => one.address === address && one.weight === 0);
}

function hintOf(plan: Plan, quiesced: boolean): Hint {
  const show = { on: theNode(plan, 'director').name, run: 'ipvsadm -Ln' };
  const zero = 'weight 0 quiesces a real server: it gets no new connections';
  if (plan.health) {
    const cause = quiesced ? zero : 'health checks take out a real server that fails them';
    return { cause, commands: [...checkerLogs(plan), show], see: [] };
  }
  const cause = quiesced ? zero : 'the table in use is not the one of the lab file';
  return { cause, commands: [up(plan), show], see: [] };
}

export const table: CheckKind = {
  id: 'table',
  about: 'the director’s IPVS table has each service as planned: scheduler, options, real servers, weights, methods',
  faults: ['weight-zero', 'service-missing', 'one-packet-off', 'tunnel-type-wrong'],
  looks: [tableLook],
  judge: ofEachService(judge),
};

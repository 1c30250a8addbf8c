import { countOf } from '../../count-of.ts';
import { methodNames } from '../../ipvs/methods.ts';
import { serviceName, tableOf } from '../../ipvs/rules.ts';
import type { TableService } from '../../ipvs/table.ts';
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
  const wanted = `${service.scheduler}, ${countOf(planned.servers.length, 'real server')} by ${methods.join(', ')}`;
  return {
    title: 'the IPVS table is as planned',
    ok,
    expected: wanted,
    observed: ok ? wanted : differences.join('; '),
    ...(!ok && { hint: hintOf(plan, planned, found) }),
  };
};

/** @param found the service in the director's table */
function hintOf(plan: Plan, planned: TableService, found: TableService | undefined): Hint {
  const inUse = planned.servers.filter(({ weight }) => weight > 0);
  const there = inUse.map(({ address }) => found?.servers.find((one) => one.address === address));
  const quiesced = there.some((server) => server?.weight === 0);
  const takenOut = found && plan.health && there.includes(undefined);
  const cause = quiesced
    ? 'weight 0 quiesces a real server: it gets no new connections'
    : takenOut
      ? 'health checks take out a real server that fails them'
      : 'the table differs from the lab file';
  const show = { on: theNode(plan, 'director').name, run: 'ipvsadm -Ln' };
  return { cause, commands: [...(plan.health ? checkerLogs(plan) : [up(plan)]), show], see: [] };
}

export const table: CheckKind = {
  id: 'table',
  about: 'the director’s IPVS table has each service as planned: scheduler, options, real servers, weights, methods',
  faults: ['weight-zero', 'service-missing', 'one-packet-off', 'tunnel-type-wrong'],
  looks: [tableLook],
  judge: ofEachService(judge),
};

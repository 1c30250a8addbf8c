import { countOf } from '../count-of.ts';
import { allRequests, type Plan, serversBy, theNode } from '../plan/plan.ts';
import type { CheckKind, Judge } from './check-kind.ts';
import type { Hint } from './hint.ts';
import { isAnswered } from './looks/answered.ts';
import { answers, askedOf } from './looks/answers.ts';
import { largeOf } from './looks/asking.ts';
import { connections } from './looks/connections.ts';
import { counters } from './looks/counters.ts';

/** The client's port identifies a request in the connection table. With one-packet scheduling that table has no entries. */
const judge: Judge = (plan, seen) => {
  const director = theNode(plan, 'director').name;
  const { before, after } = seen.of(counters, director);
  const large = plan.services.reduce((sum, service) => sum + largeOf(service), 0);
  const requests = allRequests(plan) + large;
  const count = after.connections - before.connections;
  const addressOf = new Map(plan.realServers.map(({ node, address }) => [node, address]));
  const answered = plan.services.flatMap((service) =>
    askedOf(plan, service, seen)
      .answers.filter((answer) => isAnswered(service, answer))
      .map((answer) => ({ ...answer, service })),
  );
  const lasting = answered.filter(({ service }) => !service.ops);
  const table = seen.of(connections, director).since;
  const strays = lasting.flatMap(({ localPort, server = '', service: { vip, protocol } }) => {
    const known = table
      .filter((one) => one.clientPort === localPort && one.vip === vip && one.protocol === protocol.toUpperCase())
      .map(({ realServer }) => realServer);
    if (known.includes(addressOf.get(server) ?? '')) return [];
    return `${protocol.toUpperCase()} from port ${localPort}, answered by ${server}: ${known.join(', ') || 'no entry'}`;
  });
  const ports = new Set(lasting.map(({ localPort }) => localPort)).size;
  const ok = count === requests && strays.length === 0 && ports === lasting.length;
  return [
    {
      title: 'IPVS counted every request',
      ok,
      expected: countOf(requests, 'connection'),
      observed:
        count === requests && !ok
          ? `${countOf(count, 'connection')}, but ${lasting.length - strays.length} of ${lasting.length} answers match the connection table${strays.length > 0 ? `: ${strays.slice(0, 3).join('; ')}` : ''}`
          : countOf(count, 'connection'),
      ...(!ok && { hint: hintOf(plan, count, requests, answered.length + large) }),
    },
  ];
};

function hintOf(plan: Plan, count: number, requests: number, answered: number): Hint {
  const show = { on: theNode(plan, 'director').name, run: 'ipvsadm -Lnc' };
  if (count > requests) {
    const cause = `IPVS counted ${countOf(count - requests, 'connection')} more than the client made`;
    return { cause, commands: [show], see: [] };
  }
  if (count === requests) {
    const cause = 'the connection table does not show each answered request with the real server that answered';
    return { cause, commands: [show], see: ['table'] };
  }
  if (answered <= count) {
    const cause = `${countOf(requests - count, 'request')} did not reach IPVS`;
    return { cause, commands: [], see: ['table', 'director-vip', 'arp-owner'] };
  }
  const quiet = serversBy(plan, 'dr', 'tun').length > 0 ? ['arp-quiet'] : [];
  const cause = 'requests are answered without IPVS, so nothing balances them';
  return { cause, commands: [], see: ['neighbour', 'arp-owner', ...quiet] };
}

export const counted: CheckKind = {
  id: 'counted',
  about: 'IPVS counted each request, and its connection table names the real server that answered',
  faults: [],
  looks: [answers, counters, connections],
  judge,
};

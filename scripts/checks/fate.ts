import { countOf } from '../count-of.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { givenTo } from './effect.ts';
import { isAnswered, isRight, withoutTime } from './looks/answered.ts';
import { type Answer, askedOf } from './looks/answers.ts';
import type { Heard } from './looks/heard.ts';
import { nameOf } from './nodes.ts';
import type { Observations } from './observations.ts';
import { heardBy } from './source/way.ts';

/**
 * What came of a request without a right answer, as the client heard it:
 * - `refused`: RST of TCP, ABORT of SCTP
 * - `accepted`: the connection was made, then no whole answer came
 * - `late`: the connection was taken when the client had given up
 * - `wrong`: an answer with another status, or without the name of a real server
 * - `silent`: nothing
 */
export type Fate = 'refused' | 'accepted' | 'late' | 'wrong' | 'silent';

/** Requests without a right answer that went the same way. */
export interface Failed {
  fate: Fate;
  /** The real server that the director gave them to; undefined where the connection table does not say. */
  server: string | undefined;
  /** Of a refusal: the node that put it on the client’s network, or its MAC. */
  sender?: string;
  /** What the client program saw: `status 403`, or its message. */
  what: string;
  ports: number[];
}

/** The requests of a service without a right answer, grouped. */
export function failedOf(plan: Plan, service: PlannedService, seen: Observations): Failed[] {
  const heard = heardBy(plan, seen);
  const groups = new Map<string, Failed>();
  for (const answer of askedOf(plan, service, seen).answers) {
    if (isAnswered(service, answer)) continue;
    const [server] = givenTo(plan, service, seen, answer);
    const [fate, what] = [fateOf(heard, answer), whatCame(service, answer)];
    const refusal = heard.refusals.find(({ localPort }) => localPort === answer.localPort);
    const sender = fate === 'refused' && refusal ? { sender: nameOf(plan, seen, refusal.sender) } : {};
    const key = [fate, server, sender.sender, what].join();
    const group = groups.get(key) ?? { fate, server, what, ports: [], ...sender };
    group.ports.push(answer.localPort);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What curl says when it has no connection in time, or none at all. */
const unconnected = /^(Connection time|Failed to connect|Could ?n.t connect)/;

function fateOf({ replies, refusals }: Heard, { localPort, status, error }: Answer): Fate {
  if (status > 0 && error === undefined) return 'wrong';
  if (replies.some((one) => one.localPort === localPort)) return unconnected.test(error ?? '') ? 'late' : 'accepted';
  return refusals.some((one) => one.localPort === localPort) ? 'refused' : 'silent';
}

export function whatCame(service: Pick<PlannedService, 'endpoints'>, { error, status }: Answer): string {
  const named = isRight(service, status) ? 'an answer that names no real server of the service' : `status ${status}`;
  return withoutTime(error) ?? named;
}

/**
 * "rs1 refuses 6 requests (RST)". An RST that another node put on the client’s network is the real server’s own (NAT, a router
 * between) or that node’s.
 */
export function fateInWords({ fate, server = 'nobody known', sender = server, what, ports }: Failed): string {
  const requests = countOf(ports.length, 'request');
  return {
    refused:
      sender === server
        ? `${server} refuses ${requests} (RST)`
        : `${requests} for ${server} ${ports.length === 1 ? 'is' : 'are'} refused (RST, sent by ${sender})`,
    accepted: `${server} takes the connection and gives no whole answer to ${requests}`,
    late: `${server} takes the connection too late for ${requests}`,
    wrong: `${server} gives ${requests} ${what}`,
    silent: `nothing comes back from ${server} for ${requests}`,
  }[fate];
}

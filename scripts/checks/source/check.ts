import { countOf } from '../../count-of.ts';
import { nicOn, type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { answers, askedOf } from '../looks/answers.ts';
import type { Reply } from '../looks/heard.ts';
import { nics } from '../looks/nics.ts';
import { peers } from '../looks/peers.ts';
import { nameOf } from '../nodes.ts';
import type { Observations } from '../observations.ts';
import { capture } from './look.ts';
import { repliesTo, strayReplies } from './way.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const { vip } = service;
  const asked = askedOf(plan, service, seen);
  const replies = repliesTo(plan, service, seen);
  const wrong = strayReplies(plan, service, seen);
  const ports = new Set(replies.map(({ localPort }) => localPort));
  const unseen = asked.answers.filter(({ server, localPort }) => server !== undefined && !ports.has(localPort));
  const ok = wrong.length === 0 && unseen.length === 0 && replies.length > 0;
  const strangers = strangeClients(plan, service, seen);
  return {
    title: `answers come from the VIP, sent by ${wayBack(plan, service)}`,
    ok,
    expected: `source ${vip}, sent by ${wayBack(plan, service)}`,
    observed:
      wrong.length === 0 && unseen.length > 0
        ? `the first packet of ${countOf(unseen.length, 'answer')} was not captured`
        : sourcesOf(plan, seen, ok ? replies : wrong),
    ...(strangers.length > 0 && { warning: strangers.join('; ') }),
    ...(!ok && { hint: hintOf(plan, service, seen, wrong) }),
  };
};

/** Real servers that take somebody else for the client: a rule on the way has put another source address on its requests. */
function strangeClients(plan: Plan, service: PlannedService, seen: Observations): string[] {
  const client = clientSeenBy(plan);
  const ports = new Set(askedOf(plan, service, seen).answers.map(({ localPort }) => localPort));
  return service.destinations.flatMap(({ server, port: mapped }) => {
    const served = service.endpoints.map(({ port }) => mapped || port);
    const own = seen.of(peers, server).filter(({ port, localPort }) => ports.has(port) && served.includes(localPort));
    const others = [...new Set(own.map(({ address }) => address))].filter((address) => address !== client);
    return others.map((address) => `${server} sees ${holderInWords(plan, address)} as the client, not ${client}`);
  });
}

/** Who real servers take for the client: with SNAT the director. */
function clientSeenBy(plan: Plan): string {
  return nicOn(theNode(plan, plan.oneArm === 'snat' ? 'director' : 'client'), 'front').address;
}

function holderInWords(plan: Plan, address: string): string {
  const holder = plan.nodes.find(({ nics }) => nics.some((nic) => nic.address === address));
  return holder ? `${address} (${holder.name})` : address;
}

function hintOf(plan: Plan, { vip, destinations }: PlannedService, seen: Observations, wrong: readonly Reply[]): Hint {
  const [first] = wrong;
  if (!first) {
    const cause = 'tcpdump on the client did not see the first packet of each answer';
    return { cause, commands: [], see: ['answers', 'counted'] };
  }
  const see = ['table', ...(destinations.some(({ mode }) => mode === 'nat') ? ['gateway'] : []), 'arp-owner'];
  if (first.source !== vip) {
    const cause = `the client sent its request to ${vip}, so it refuses an answer from ${first.source}`;
    return { cause, commands: [], see };
  }
  return {
    cause: `${nameOf(plan, seen, first.sender)} sent answers that others must send in this lab`,
    commands: [],
    see,
  };
}

export const source: CheckKind = {
  id: 'source',
  about: 'answers have the VIP as their source, and come from the NIC that fits the forwarding method',
  faults: [],
  looks: [answers, capture, nics, peers],
  judge: ofEachService(judge),
};

/** `192.168.1.3 by rs1, rs2`: each source address, and the nodes that sent from it. */
function sourcesOf(plan: Plan, seen: Observations, replies: readonly Reply[]): string {
  const sources = [...new Set(replies.map(({ source }) => source))];
  const sendersOf = (source: string) =>
    new Set(replies.filter((one) => one.source === source).map(({ sender }) => nameOf(plan, seen, sender)));
  return (
    sources.map((source) => `${source} by ${[...sendersOf(source)].join(', ')}`).join('; ') || 'no answer captured'
  );
}

/** Who sends the answers of a service to the client. */
function wayBack(plan: Plan, { destinations }: PlannedService): string {
  const ways = destinations.map(({ local, mode }) => {
    if (mode === 'nat' || local) return 'the director';
    return plan.nodes.some(({ role }) => role === 'router') && mode === 'tun' ? 'the router' : 'the real servers';
  });
  return [...new Set(ways)].join(' or ');
}

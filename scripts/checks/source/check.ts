import { countOf } from '../../count-of.ts';
import { nicOn, nodesOf, type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { type CheckKind, ofEachService, type ServiceJudge } from '../check-kind.ts';
import type { Hint } from '../hint.ts';
import { type Asked, answers, askedOf } from '../looks/answers.ts';
import { nameOf } from '../nodes.ts';
import type { Observations } from '../observations.ts';
import { capture, type Reply } from './look.ts';

const judge: ServiceJudge = (plan, service, seen) => {
  const { vip, ops } = service;
  const asked = askedOf(plan, service, seen);
  const replies = repliesTo(plan, service, asked, seen);
  // With one-packet scheduling all come from the same port: the first answer belongs to the first request, and so on.
  const answerTo = ({ localPort }: Reply, index: number) =>
    ops
      ? asked.answers.filter(({ server }) => server !== undefined)[index]
      : asked.answers.find((one) => one.localPort === localPort);
  const right = (reply: Reply, index: number) => {
    const answer = answerTo(reply, index);
    return reply.source === vip && (answer?.server === undefined || reply.sender === senderOf(plan, answer.server));
  };
  const wrong = replies.filter((reply, index) => !right(reply, index));
  const ports = new Set(replies.map(({ localPort }) => localPort));
  const unseen = asked.answers.filter(({ server, localPort }) => server !== undefined && !ports.has(localPort));
  const ok = wrong.length === 0 && unseen.length === 0 && replies.length > 0;
  return {
    title: `answers come from the VIP, sent by ${wayBack(plan, service)}`,
    ok,
    expected: `source ${vip}, sent by ${wayBack(plan, service)}`,
    observed:
      wrong.length === 0 && unseen.length > 0
        ? `the first packet of ${countOf(unseen.length, 'answer')} was not captured`
        : sourcesOf(plan, ok ? replies : wrong),
    ...(!ok && { hint: hintOf(plan, service, wrong) }),
  };
};

function hintOf(plan: Plan, { vip, destinations }: PlannedService, wrong: readonly Reply[]): Hint {
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
  return { cause: `${nameOf(plan, first.sender)} sent answers that others must send in this lab`, commands: [], see };
}

export const source: CheckKind = {
  id: 'source',
  about: 'answers have the VIP as their source, and come from the NIC that fits the forwarding method',
  faults: [],
  looks: [answers, capture],
  judge: ofEachService(judge),
};

/** `192.168.1.3 by rs1, rs2`: each source address, and the nodes that sent from it. */
function sourcesOf(plan: Plan, replies: readonly Reply[]): string {
  const sources = [...new Set(replies.map(({ source }) => source))];
  const sendersOf = (source: string) =>
    new Set(replies.filter((one) => one.source === source).map(({ sender }) => nameOf(plan, sender)));
  return (
    sources.map((source) => `${source} by ${[...sendersOf(source)].join(', ')}`).join('; ') || 'no answer captured'
  );
}

/** The captured replies that belong to a service, by its ports and those of its requests. */
function repliesTo(
  plan: Plan,
  { requests, endpoints }: PlannedService,
  { firstPort, step }: Asked,
  seen: Observations,
): Reply[] {
  const end = firstPort + Math.max(1, requests * step);
  return seen
    .of(capture, theNode(plan, 'client').name)
    .filter(
      ({ localPort, sourcePort }) =>
        localPort >= firstPort && localPort < end && endpoints.some(({ port }) => port === sourcePort),
    );
}

/** MAC of the NIC that puts a real server's answers on the client's network. */
function senderOf(plan: Plan, node: string): string | undefined {
  const server = plan.realServers.find((one) => one.node === node);
  const nic = nodesOf(plan, 'real-server').find(({ name }) => name === node)?.nics[0];
  if (!server) return undefined;
  if (server.local || server.mode === 'nat') return nicOn(theNode(plan, 'director'), 'front').mac;
  return nic?.network === 'remote' ? nicOn(theNode(plan, 'router'), 'front').mac : nic?.mac;
}

/** Who sends the answers of a service to the client. */
function wayBack(plan: Plan, { destinations }: PlannedService): string {
  const ways = destinations.map(({ local, mode }) => {
    if (mode === 'nat' || local) return 'the director';
    return plan.nodes.some(({ role }) => role === 'router') && mode === 'tun' ? 'the router' : 'the real servers';
  });
  return [...new Set(ways)].join(' or ');
}

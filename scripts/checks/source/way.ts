import { nodesOf, type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { type Answer, type Asked, askedOf } from '../looks/answers.ts';
import type { Heard, Reply } from '../looks/heard.ts';
import { nameOf } from '../nodes.ts';
import type { Observations } from '../observations.ts';
import { capture } from './look.ts';

/** What the client heard while it asked. */
export function heardBy(plan: Plan, seen: Observations): Heard {
  return seen.of(capture, theNode(plan, 'client').name);
}

/** The captured replies that belong to a service, by its ports and those of its requests. */
export function repliesTo(plan: Plan, service: PlannedService, seen: Observations): Reply[] {
  const asked = askedOf(plan, service, seen);
  return heardBy(plan, seen).replies.filter((reply) => belongs(service, asked, reply));
}

function belongs({ requests, endpoints }: PlannedService, { firstPort, step }: Asked, reply: Reply): boolean {
  const { localPort, sourcePort } = reply;
  const end = firstPort + Math.max(1, requests * step);
  return localPort >= firstPort && localPort < end && endpoints.some(({ port }) => port === sourcePort);
}

/** The replies that did not come from the VIP, or not from the node that must send the answer. */
export function strayReplies(plan: Plan, service: PlannedService, seen: Observations): Reply[] {
  const asked = askedOf(plan, service, seen);
  return repliesTo(plan, service, seen).filter((reply, index) => {
    const { server } = answerTo(service, asked, reply, index) ?? {};
    const sender = server === undefined ? undefined : senderOf(plan, server);
    return reply.source !== service.vip || (sender !== undefined && nameOf(plan, seen, reply.sender) !== sender);
  });
}

/** With one-packet scheduling all come from the same port: the first answer belongs to the first request, and so on. */
function answerTo(
  { ops }: PlannedService,
  { answers }: Asked,
  { localPort }: Reply,
  index: number,
): Answer | undefined {
  return ops
    ? answers.filter(({ server }) => server !== undefined)[index]
    : answers.find((one) => one.localPort === localPort);
}

/** The node that puts a real server's answers on the client's network. */
function senderOf(plan: Plan, node: string): string | undefined {
  const server = plan.realServers.find((one) => one.node === node);
  const nic = nodesOf(plan, 'real-server').find(({ name }) => name === node)?.nics[0];
  if (!server) return undefined;
  if (server.local || server.mode === 'nat') return theNode(plan, 'director').name;
  return nic?.network === 'remote' ? theNode(plan, 'router').name : node;
}

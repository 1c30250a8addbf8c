import { randomInt } from 'node:crypto';
import { type Answer, answers, parseAnswers } from '../checks/looks/answers.ts';
import { askingOf, clientOf, stepOf } from '../checks/looks/asking.ts';
import { lookScript, partsOn } from '../checks/looks/script.ts';
import { freshPorts } from '../ipvs/fresh-ports.ts';
import { parseConnections, readConnections } from '../ipvs/parse.ts';
import type { Sent } from '../path/track.ts';
import { nodesOf, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import { renderer } from '../render/render.ts';
import type { Tracking } from './tracking.ts';

/** How long the client waits for a connection and for an answer, and listens after it. Seconds. */
export type Waiting = typeof patient;

/** An answer that is late shows its packets sent again. */
export const patient = { connect: 4, answer: 8, listen: 1 };
/** Long enough for a SYN that is sent again after a second. */
export const brief = { connect: 2, answer: 4, listen: 1 };

/** Consecutive source ports of the client for some requests. */
export interface Ports {
  first: number;
  /** How many ports one request uses. */
  each: number;
}

/** Source ports for which IPVS has no entry. */
export async function portsFor(tracking: Tracking, service: PlannedService, requests: number): Promise<Ports> {
  const known = await Promise.all(directorsOf(tracking.plan).map((node) => connectionsOf(tracking, node)));
  const each = Math.max(1, stepOf(service));
  return { first: freshPorts(known.flat(), each * requests, randomInt(100_000)), each };
}

export interface SendOptions {
  size?: number | undefined;
  up?: number | undefined;
  down?: number | undefined;
  waiting?: Waiting | undefined;
}

/**
 * Sends one request from the client.
 * @param index which of the requests for which there are ports, from 0 on
 * @param options `size`: bytes of the request, and of the answer, or `up` and `down` for one of them; an ordinary request without
 */
export async function sendRequest(
  tracking: Tracking,
  service: PlannedService,
  { first, each }: Ports,
  index: number,
  { size, up = size, down = size, waiting = patient }: SendOptions = {},
): Promise<Sent> {
  const firstPort = first + index * each;
  const { step } = askingOf(tracking.plan, service);
  const isLarge = up !== undefined || down !== undefined;
  const sizes = isLarge ? { up: up ?? 1, down: down ?? 1 } : undefined;
  const [answer] = await ask(tracking, service, { firstPort, step, count: isLarge ? 0 : 1, sizes, waiting });
  const server = answer?.server ?? (await serverOf(tracking, service, firstPort));
  return { firstPort, ports: each, answer, server };
}

/** Sends requests, one after the other, each from a source port for which IPVS has no entry. */
export async function sendRequests(tracking: Tracking, service: PlannedService, count: number): Promise<Answer[]> {
  const { first: firstPort } = await portsFor(tracking, service, count);
  const { step } = askingOf(tracking.plan, service);
  return ask(tracking, service, { firstPort, step, count, sizes: undefined, waiting: brief });
}

interface Questions {
  firstPort: number;
  /** The difference between the source ports of one request and the next. */
  step: number;
  /** Ordinary requests. */
  count: number;
  /** Bytes of one request, and of its answer, that follows the ordinary ones; undefined for none. */
  sizes: { up: number; down: number } | undefined;
  waiting: Waiting;
}

async function ask(
  tracking: Tracking,
  service: PlannedService,
  { firstPort, step, count, sizes, waiting }: Questions,
): Promise<Answer[]> {
  const { plan, templates } = tracking;
  const client = theNode(plan, 'client');
  const { client: program, targets } = askingOf(plan, service);
  const requests = [{ client: program.name, targets, firstPort, step, count, large: sizes ? 1 : 0 }];
  const parts = partsOn(plan, client, [answers], ['during'], { waiting, requests });
  const bytes = sizes ? `up=${sizes.up} down=${sizes.down}\n` : '';
  const printed = await tracking.sh(
    client.name,
    bytes + lookScript(renderer(templates), plan, parts),
    'tracking/request',
  );
  return parseAnswers(printed.replace(/^@@(service|look) .*\n/gm, ''), clientOf(service));
}

function directorsOf(plan: Plan): string[] {
  return nodesOf(plan, 'director').map(({ name }) => name);
}

async function connectionsOf({ sh }: Tracking, node: string) {
  return parseConnections(await sh(node, readConnections, 'tracking/connections'));
}

/** The real server of the connection from this port. */
async function serverOf(tracking: Tracking, service: PlannedService, port: number): Promise<string | undefined> {
  for (const node of directorsOf(tracking.plan)) {
    const entry = (await connectionsOf(tracking, node)).find(({ clientPort }) => clientPort === port);
    const found = service.destinations.find(({ address }) => address === entry?.realServer);
    if (found) return found.server;
  }
  return undefined;
}

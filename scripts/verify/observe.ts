import { setTimeout as pause } from 'node:timers/promises';
import { looks } from '../checks/judge.ts';
import { askingOf, largeOf, portsOf } from '../checks/looks/asking.ts';
import { connections } from '../checks/looks/connections.ts';
import type { Look, Printed, Round } from '../checks/looks/look.ts';
import {
  endOfScript,
  lookScript,
  looksOn,
  partsOn,
  printedBy,
  type Requests,
  type Waiting,
} from '../checks/looks/script.ts';
import { type Observations, observationsOf } from '../checks/observations.ts';
import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { mapParallel } from '../host/parallel.ts';
import { patient } from '../host/patience.ts';
import { freshPorts } from '../ipvs/fresh-ports.ts';
import { type IpvsConnection, parseConnections } from '../ipvs/parse.ts';
import { allRequests, type Plan, type PlannedNode, theNode } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { connectWidth } from '../provision/provision.ts';
import { renderer, type Templates } from '../render/render.ts';

/** Whole seconds: more on a busy computer, but at most five times as many, because in a broken lab each request waits that long. */
const moreWhereBusy = (seconds: number) => Math.ceil(Math.min(5 * seconds, patient(seconds * 1000) / 1000));

/** An unanswered request takes up to `answer` seconds. Login and capture take more. */
const deadlineMs = (plan: Plan, { answer }: Waiting) => 60_000 + (allRequests(plan) + allLarge(plan)) * answer * 1000;

const allLarge = ({ services }: Plan) => services.reduce((sum, service) => sum + largeOf(service), 0);

/**
 * How often the connection table is read while the client asks. IPVS forgets a connection 10 s after it was reset (CLOSE in
 * tcp_timeouts of ip_vs_proto_tcp.c); curl resets one by HTTPS when the server's close_notify comes late.
 */
const beforeForgottenMs = 4000;

/** Sends the requests and looks at every node: one script for a node and a round, on all nodes at the same time. */
export async function observe(lab: ProvisionedLab, templates: Templates): Promise<Observations> {
  const { plan } = lab;
  const lookAt = looker(lab, templates);
  const client = theNode(plan, 'client');
  const director = theNode(plan, 'director');
  const serving = plan.nodes.filter((node) => node === director || node.role === 'real-server');
  const idle = plan.nodes.filter((node) => node !== client && !serving.includes(node));

  const beside = Promise.all([
    lookAt([client, ...serving], ['beside']),
    lookAt(idle, ['beside', 'before', 'during', 'after']),
  ]);
  beside.catch(() => {}); // awaited below
  const before = await lookAt(serving, ['before']);
  const known = parseConnections(printedOn(director, [before])(connections).in('before'));
  const asking = lookAt([client], ['before', 'during', 'after'], requestsTo(plan, known));
  const during = await lookDuring(asking, beforeForgottenMs, () => lookAt(serving, ['during']));
  const all = [before, ...during, await asking, await lookAt(serving, ['after']), ...(await beside)];
  return observationsOf(
    plan.nodes.flatMap((node) => {
      const printed = printedOn(node, all);
      return looksOn(plan, node, looks).map((look) => {
        return { look, node: node.name, value: look.parse(printed(look.reads ?? look), plan, node) };
      });
    }),
  );
}

/** What the scripts of one round printed, by node. */
type Texts = ReadonlyMap<string, string>;

function printedOn({ name }: PlannedNode, rounds: readonly Texts[]): (look: Look<unknown>) => Printed {
  return printedBy(rounds.flatMap((texts) => texts.get(name) ?? []));
}

/** Looks at nodes. Each node runs one script with all its looks in these rounds; a node without looks runs none. */
function looker(lab: ProvisionedLab, templates: Templates) {
  const { plan } = lab;
  const waiting: Waiting = { connect: moreWhereBusy(2), answer: moreWhereBusy(5), listen: moreWhereBusy(1) };
  const render = renderer(templates);
  return async (nodes: PlannedNode[], rounds: Round[], requests: Requests[] = []): Promise<Texts> => {
    const planned = nodes
      .map((node) => ({ node, parts: partsOn(plan, node, looks, rounds, { waiting, requests }) }))
      .filter(({ parts }) => parts.length > 0);
    const printed = await mapParallel(planned, connectWidth, async ({ node, parts }) => {
      const script = lookScript(render, plan, parts);
      return [node.name, await runScript(lab, node.name, script, deadlineMs(plan, waiting))] as const;
    });
    return new Map(printed);
  };
}

/**
 * Runs a script that looks at a node, as root, and returns what it prints.
 * @throws ScriptError when it did not get to its end, ConnectionError when it is not done in time
 */
async function runScript(lab: ProvisionedLab, node: string, input: string, deadlineMs: number): Promise<string> {
  const remote = remoteTo(lab, node);
  const step = 'verify/look';
  const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step });
  if (stdout.endsWith(`${endOfScript}\n`)) return stdout;
  const tail = lastLines(stderr);
  throw new ScriptError(`looking at the node ended with exit code ${code}`, { node, step, tail });
}

/** Looks every `everyMs` until the work is done, whether it succeeds or fails. */
async function lookDuring<T>(work: Promise<unknown>, everyMs: number, look: () => Promise<T>): Promise<T[]> {
  const seen: T[] = [];
  const over = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([over, pause(everyMs, false, { ref: false })]))) seen.push(await look());
  return seen;
}

/** The requests to each service, with source ports that IPVS has no connection from. */
function requestsTo(plan: Plan, known: readonly IpvsConnection[]): Requests[] {
  const { services } = plan;
  const all = services.reduce((sum, service) => sum + portsOf(service), 0);
  let firstPort = freshPorts(known, all, Date.now());
  return services.map((service) => {
    const { client, targets, step } = askingOf(plan, service);
    const requests = {
      client: client.name,
      targets,
      firstPort,
      step,
      count: service.requests,
      large: largeOf(service),
    };
    firstPort += portsOf(service);
    return requests;
  });
}

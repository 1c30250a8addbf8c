import { isAnswered } from '../checks/looks/answered.ts';
import { isExplained } from '../diagnosis/diagnose.ts';
import { type LineSeen, parseEchoes } from '../diagnosis/echoes/echoes.ts';
import { echoScript, endOfEchoes } from '../diagnosis/echoes/script.ts';
import type { Evidence, NodeState, PathEnd } from '../diagnosis/evidence.ts';
import { InterruptedError, LabError, ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { mapParallel } from '../host/parallel.ts';
import { serviceName } from '../ipvs/rules.ts';
import { dropsAt } from '../path/drops.ts';
import { type PlannedNode, type PlannedService, theNode } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { comparedStates } from '../provision/node-states.ts';
import { connectWidth } from '../provision/provision.ts';
import { renderer, type Templates } from '../render/render.ts';
import { errorText } from '../report/error-text.ts';
import type { Emit } from '../report/events.ts';
import { differences } from '../state/state.ts';
import { tell } from '../state/tell.ts';
import { brief } from '../tracking/request.ts';
import { track } from '../tracking/track.ts';
import { trackingOf } from '../tracking/tracking.ts';
import type { Verdict } from '../verify/verify.ts';

/**
 * Gathers what a diagnosis needs besides the checks: changes on each node, pings, clocks, ends of requests. It changes nothing. The
 * caller holds the lab's lock: two traces at once would end each other. What cannot be had is missing, with a warning.
 */
export async function gather(
  lab: ProvisionedLab,
  templates: Templates,
  verdict: Verdict,
  emit: Emit,
): Promise<Evidence> {
  const { plan } = lab;
  const seen = await mapParallel(plan.nodes, connectWidth, async (node) => {
    const [state, clock] = await Promise.all([
      optional(`what has changed on ${node.name}`, emit, () => stateOf(lab, templates, node)),
      optional(`the clock of ${node.name}`, emit, () => clockOf(lab, node.name)),
    ]);
    return { name: node.name, state, clock };
  });
  const lines = await optional('the lines between the nodes', emit, () => askForEchoes(lab, templates));
  const states = new Map(seen.flatMap(({ name, state }) => (state ? [[name, state]] : [])));
  const clocks = new Map(seen.flatMap(({ name, clock }) => (clock === undefined ? [] : [[name, clock]])));
  const evidence = { plan, checks: verdict.checks, hurt: hurtIn(verdict), states, ...(lines && { lines }), clocks };
  return isExplained(evidence) ? evidence : { ...evidence, ends: await endsOf(lab, templates, verdict, emit) };
}

/** Evidence of one kind. What a node or a connection does not allow is a warning, and the other kinds still count. */
async function optional<T>(what: string, emit: Emit, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
    emit({ type: 'warning', text: `the diagnosis does not know ${what}: ${errorText(error)}` });
    return undefined;
  }
}

/** Seconds by which the clock of a node is ahead of this computer's. It is as exact as the time that one command takes. */
async function clockOf(lab: ProvisionedLab, node: string): Promise<number> {
  const step = 'clock';
  const { code, stdout, stderr } = await remoteTo(lab, node).exec('date +%s', { deadlineMs: 60_000, step });
  const printed = stdout.trim();
  if (code === 0 && /^\d+$/.test(printed)) return Number(printed) - Date.now() / 1000;
  throw new ScriptError(`date ended with exit code ${code}, and printed ${JSON.stringify(printed)}`, {
    node,
    step,
    tail: lastLines(stderr),
  });
}

/** The most requests that are followed. Each takes as long as a client waits for an answer. */
const mostFollowed = 2;

/** Follows a request to each real server that left one unanswered, and one request that reached no real server. */
async function endsOf(lab: ProvisionedLab, templates: Templates, verdict: Verdict, emit: Emit): Promise<PathEnd[]> {
  const tracking = trackingOf(lab, templates);
  const found: PathEnd[] = [];
  for (const { service, to } of unanswered(verdict).slice(0, mostFollowed)) {
    const tries = to === undefined ? 1 : 2 * service.destinations.length;
    const what = `where a request for ${to ?? serviceName(service)} ends`;
    const seen = await optional(what, emit, () => track(tracking, { service, to, tries, waiting: brief }));
    if (!seen?.end) continue;
    const { node, isLine } = seen.end;
    const drops = dropsAt(node, seen);
    found.push({ service: serviceName(service), server: seen.server, node, isLine, what: seen.end.what, drops });
  }
  return found;
}

function hurtIn({ services }: Verdict): string[] {
  return [...new Set(services.flatMap(({ hurt }) => hurt))];
}

function unanswered({ services }: Verdict): { service: PlannedService; to: string | undefined }[] {
  return services.flatMap(({ service, answers, given }) => {
    const servers = answers.flatMap((answer, at) => (isAnswered(service, answer) ? [] : [given[at]]));
    return [...new Set(servers)].map((to) => ({ service, to }));
  });
}

async function stateOf(lab: ProvisionedLab, templates: Templates, node: PlannedNode): Promise<NodeState> {
  const { recorded, before, after, unread } = await comparedStates(lab, templates, node);
  return {
    before,
    after,
    unread,
    differences: differences(node.name, before, after),
    told: tell(node.name, before, after),
    ...(recorded !== undefined && { recorded }),
  };
}

async function askForEchoes(lab: ProvisionedLab, templates: Templates): Promise<LineSeen[]> {
  const node = theNode(lab.plan, 'director').name;
  const step = 'echoes';
  const input = echoScript(renderer(templates), lab.plan);
  const remote = remoteTo(lab, node);
  const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs: 60_000, step });
  if (stdout.endsWith(`${endOfEchoes}\n`)) return parseEchoes(stdout);
  throw new ScriptError(`pinging the other machines ended with exit code ${code}`, {
    node,
    step,
    tail: lastLines(stderr),
  });
}

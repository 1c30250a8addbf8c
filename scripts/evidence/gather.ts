import { isAnswered } from '../checks/looks/answered.ts';
import { type LineSeen, parseEchoes } from '../diagnosis/echoes/echoes.ts';
import { echoScript, endOfEchoes } from '../diagnosis/echoes/script.ts';
import type { Evidence, NodeState, RequestSeen } from '../diagnosis/evidence.ts';
import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { mapParallel } from '../host/parallel.ts';
import { type PlannedNode, theNode } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { readNodeState, recordedState } from '../provision/node-states.ts';
import { connectWidth } from '../provision/provision.ts';
import { renderer, type Templates } from '../render/render.ts';
import { asPlanned, plannedState } from '../state/planned.ts';
import { differences } from '../state/state.ts';
import { tell } from '../state/tell.ts';
import type { Verdict } from '../verify/verify.ts';

/** Looks at what a diagnosis needs beside the checks: how each node differs, and the lines between them. It changes nothing. */
export async function gather(lab: ProvisionedLab, templates: Templates, verdict: Verdict): Promise<Evidence> {
  const { plan } = lab;
  const states = await mapParallel(plan.nodes, connectWidth, async (node) => {
    return [node.name, await stateOf(lab, templates, node)] as const;
  });
  return {
    plan,
    checks: verdict.checks,
    requests: requestsIn(verdict),
    states: new Map(states),
    lines: await askForEchoes(lab, templates),
  };
}

async function stateOf(lab: ProvisionedLab, templates: Templates, node: PlannedNode): Promise<NodeState> {
  const record = await recordedState(lab.place, node.name);
  const after = await readNodeState(lab, templates, node, record?.entries);
  const before = record?.entries ?? asPlanned(plannedState(lab.plan, node), after);
  return {
    differences: differences(node.name, before, after),
    told: tell(node.name, before, after),
    ...(record && { recorded: record.recorded }),
  };
}

function requestsIn({ services }: Verdict): RequestSeen[] {
  return services.flatMap(({ name, service, answers, given }) =>
    answers.map((answer, at) => ({
      service: name,
      answered: isAnswered(service, answer),
      given: given[at],
      seconds: answer.seconds,
      ...(answer.error !== undefined && { error: answer.error }),
    })),
  );
}

async function askForEchoes(lab: ProvisionedLab, templates: Templates): Promise<LineSeen[]> {
  const node = theNode(lab.plan, 'director').name;
  const step = 'echoes';
  const input = echoScript(renderer(templates), lab.plan);
  const remote = remoteTo(lab, node);
  const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs: 60_000, step });
  if (stdout.endsWith(`${endOfEchoes}\n`)) return parseEchoes(stdout);
  throw new ScriptError(`sending echoes ended with exit code ${code}`, { node, step, tail: lastLines(stderr) });
}

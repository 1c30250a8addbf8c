import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { renderer, type Templates } from '../render/render.ts';

/** What drills run on nodes, as root, whatever it says or ends with: to fail is part of it. */
export interface NodeRunner {
  /** A command; what it prints. */
  run(node: string, command: string, input?: string): Promise<string>;
  /** A script of templates/verify/. */
  script: OnNode;
}

/** @throws ConnectionError, naming the step, when something is not done in time */
export function nodeRunner(
  lab: ProvisionedLab,
  templates: Templates,
  { step, deadlineMs }: { step: string; deadlineMs: number },
): NodeRunner {
  const render = renderer(templates);
  const run: NodeRunner['run'] = async (node, command, input) => {
    const remote = remoteTo(lab, node);
    const options = { deadlineMs, step, ...(input !== undefined && { input }) };
    return (await remote.exec(remote.asRoot(command), options)).stdout;
  };
  return {
    run,
    script: (node, template, context) => run(node, 'sh -s', render({ template: `verify/${template}`, context })),
  };
}

/** Runs a script of templates/verify/ on a node, as root, and returns what it prints. */
export type OnNode = (node: string, template: string, context: Record<string, unknown>) => Promise<string>;

/** @throws ScriptError when it prints nothing or was killed, ConnectionError when it is not done in time */
export function onNodesOf(lab: ProvisionedLab, templates: Templates, deadlineMs: number): OnNode {
  const render = renderer(templates);
  return async (node, template, context) => {
    const step = `verify/${template}`;
    const input = render({ template: step, context });
    const remote = remoteTo(lab, node);
    const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step });
    if (code <= 128 && stdout !== '') return stdout;
    const tail = lastLines(stderr);
    throw new ScriptError(`looking at the node ended with exit code ${code}`, { node, step, tail });
  };
}

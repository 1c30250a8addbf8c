import { type ProvisionedLab, remoteTo } from '../../provision/lab-states.ts';
import { renderer, type Templates } from '../../render/render.ts';

/** What drills run on nodes, as root, whatever it prints or ends with: failing is part of a drill. */
export interface NodeRunner {
  /** A command; returns what it prints. */
  run(node: string, command: string, input?: string): Promise<string>;
  /** A template; returns what it prints. */
  script(node: string, template: string, context: Record<string, unknown>): Promise<string>;
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
  return { run, script: (node, template, context) => run(node, 'sh -s', render({ template, context })) };
}

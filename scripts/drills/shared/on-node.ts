import { ScriptError } from '../../errors.ts';
import { lastLines } from '../../host/exec.ts';
import { type ProvisionedLab, remoteTo } from '../../provision/lab-states.ts';
import { renderer, type Templates } from '../../render/render.ts';

/** Runs a template on a node, as root, and returns what it prints. */
export type OnNode = (node: string, template: string, context: Record<string, unknown>) => Promise<string>;

/** @throws ScriptError when it prints nothing or was killed, ConnectionError when it is not done in time */
export function onNodesOf(lab: ProvisionedLab, templates: Templates, deadlineMs: number): OnNode {
  const render = renderer(templates);
  return async (node, template, context) => {
    const input = render({ template, context });
    const remote = remoteTo(lab, node);
    const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step: template });
    if (code <= 128 && stdout !== '') return stdout;
    const tail = lastLines(stderr);
    throw new ScriptError(`looking at the node ended with exit code ${code}`, { node, step: template, tail });
  };
}

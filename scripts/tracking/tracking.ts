import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import type { Plan } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { renderer, type Templates } from '../render/render.ts';

/** A lab whose packets are tracked. */
export interface Tracking {
  plan: Plan;
  lab: ProvisionedLab;
  templates: Templates;
  /** Runs a template on a node, as root, and returns what it prints. @throws ScriptError when it fails */
  run(node: string, template: string, context: Record<string, unknown>): Promise<string>;
  /** Runs a rendered script in the same way. */
  sh(node: string, script: string, step: string): Promise<string>;
}

const deadlineMs = 60_000;

export function trackingOf(lab: ProvisionedLab, templates: Templates): Tracking {
  const render = renderer(templates);
  const sh = async (node: string, input: string, step: string) => {
    const remote = remoteTo(lab, node);
    const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step });
    if (code === 0) return stdout;
    throw new ScriptError(`a script ended with exit code ${code}`, { node, step, tail: lastLines(stderr || stdout) });
  };
  return {
    plan: lab.plan,
    lab,
    templates,
    sh,
    run: (node, template, context) => sh(node, render({ template, context }), template),
  };
}

import { ScriptError } from '../../errors.ts';
import { lastLines } from '../../host/exec.ts';
import { remoteTo } from '../../provision/lab-states.ts';
import { renderer } from '../../render/render.ts';
import type { DrilledLab } from '../drill.ts';

/**
 * Runs commands and templates on nodes, as root. Each returns what was printed, and throws a ConnectionError with the name of
 * the drill or the template when it takes longer than the deadline.
 */
export interface NodeRunner {
  /** Runs a command. Any exit code is accepted, because commands may fail in a drill. */
  run(node: string, command: string, input?: string): Promise<string>;
  /** Runs a template. Any exit code is accepted. */
  script(node: string, template: string, context: Record<string, unknown>): Promise<string>;
  /** Runs a template whose output is needed. @throws ScriptError when it prints nothing or a signal ends it */
  read(node: string, template: string, context: Record<string, unknown>): Promise<string>;
}

/** @param settings.drill its name, for messages */
export function nodeRunner(
  { lab, templates }: DrilledLab,
  settings: { drill: string; deadlineMs: number },
): NodeRunner {
  const { deadlineMs } = settings;
  const render = renderer(templates);
  const exec = (node: string, command: string, step: string, input?: string) => {
    const remote = remoteTo(lab, node);
    return remote.exec(remote.asRoot(command), { deadlineMs, step, ...(input !== undefined && { input }) });
  };
  return {
    run: async (node, command, input) => (await exec(node, command, `drills/${settings.drill}`, input)).stdout,
    script: async (node, template, context) =>
      (await exec(node, 'sh -s', template, render({ template, context }))).stdout,
    read: async (node, template, context) => {
      const { code, stdout, stderr } = await exec(node, 'sh -s', template, render({ template, context }));
      if (code <= 128 && stdout !== '') return stdout;
      const tail = lastLines(stderr);
      throw new ScriptError(`a script of a drill ended with exit code ${code}`, { node, step: template, tail });
    },
  };
}

import { projectRoot } from '../../scripts/host/paths.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { stateScript } from '../../scripts/state/script.ts';
import { planOf } from '../render/golden.ts';

/** The scripts that read the state of a lab's nodes: each with a mark, as `lab up` sends it. */
export async function stateScripts(lab: string): Promise<{ name: string; text: string }[]> {
  const plan = await planOf(lab);
  const render = renderer(await loadTemplates(projectRoot));
  const mark = { known: 'f00d', mark: 'beef' };
  return plan.nodes.map((node) => ({ name: node.name, text: stateScript(render, plan, node, mark) }));
}

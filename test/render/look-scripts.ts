import { looks } from '../../scripts/checks/judge.ts';
import { askingOf, largeOf } from '../../scripts/checks/looks/asking.ts';
import type { Round } from '../../scripts/checks/looks/look.ts';
import { headOf, lookScript, partsOn } from '../../scripts/checks/looks/script.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { PlannedNode } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer } from '../../scripts/render/render.ts';
import { planOf, type Rendered } from './golden.ts';

/** A script that looks at a node, and the templates that it is made of. */
export interface LookScript {
  /** `client, before during after` */
  name: string;
  text: string;
  templates: Rendered[];
}

/** The scripts of a node, by their rounds: the client's requests are one script, and so is all of a node that has no part in them. */
function roundsOf({ role, name }: PlannedNode): Round[][] {
  if (role === 'client') return [['beside'], ['before', 'during', 'after']];
  const serves = role === 'real-server' || name === 'director';
  return serves ? [['beside'], ['before'], ['during'], ['after']] : [['beside', 'before', 'during', 'after']];
}

/** The scripts that look at the nodes of a lab. */
export async function lookScripts(lab: string): Promise<LookScript[]> {
  const plan = await planOf(lab);
  const render = renderer(await loadTemplates(projectRoot));
  const requests = plan.services.map((service) => {
    const { client, targets, step } = askingOf(plan, service);
    return { client: client.name, targets, firstPort: 10_000, step, count: service.requests, large: largeOf(service) };
  });
  const waiting = { connect: 2, answer: 5, listen: 1 };
  return plan.nodes.flatMap((node) =>
    roundsOf(node).flatMap((some) => {
      const parts = partsOn(plan, node, looks, some, { waiting, requests });
      if (parts.length === 0) return [];
      const name = `${node.name}, ${some.join(' ')}`;
      return { name, text: lookScript(render, plan, parts), templates: [headOf(plan, parts), ...parts] };
    }),
  );
}

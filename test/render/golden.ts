import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer, renderPlan, type Script } from '../../scripts/render/render.ts';

/** The shipped labs, and one of the tests' own for what these leave out. */
export const goldenLabs = [
  'dr',
  'nat',
  'tun',
  'ports',
  'nat-classic',
  'persistence',
  'schedulers',
  'thresholds',
  'mixed-modes',
];

export async function planOf(name: string): Promise<Plan> {
  const folder = name === 'ports' ? 'test/labs' : 'labs';
  const text = await readFile(join(projectRoot, folder, `${name}.yaml`), 'utf8');
  return makePlan(parseLab(text, { name, file: name }).lab);
}

export async function scriptsOf(plan: Plan): Promise<Script[]> {
  return renderPlan(plan, await loadTemplates(join(projectRoot, 'templates')));
}

/** Plan and scripts of a shipped lab, as one text. */
export async function renderGolden(name: string): Promise<string> {
  const plan = await planOf(name);
  const scripts = await scriptsOf(plan);
  const parts = scripts.map(({ node, file, text }) => `##### ${node}: ${file}\n${text}`);
  return [`${JSON.stringify(plan, null, 2)}\n`, ...parts].join('\n');
}

/** The scripts that look at nodes, with values like a lab's. */
export async function observers(): Promise<{ name: string; text: string }[]> {
  const render = renderer(await loadTemplates(join(projectRoot, 'templates')));
  const context = {
    mac: '52:54:00:01:0c:01',
    vip: '192.168.1.3',
    port: 80,
    firstPort: 10000,
    endPort: 10012,
    urls: ['http://192.168.1.4:80/'],
  };
  return ['arp', 'client', 'director', 'real-server'].flatMap((name) =>
    [true, false].map((countersOnly) => ({
      name: `${name}${countersOnly ? '-counters' : ''}`,
      text: render({ template: `verify/${name}`, context: { ...context, countersOnly } }),
    })),
  );
}

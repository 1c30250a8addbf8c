import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer, renderPlan, type Script } from '../../scripts/render/render.ts';

/** A lab of the tests' own, for what the shipped ones leave out. */
const ownLabs = ['ports', 'everything'];

/** The shipped labs, and the tests' own. */
export async function allLabs(): Promise<string[]> {
  return [...(await listLabFiles()).keys(), ...ownLabs];
}

/** Labs that between them have every script. */
export const goldenLabs = [
  ...['dr', 'nat', 'tun', 'mixed-modes', 'thresholds', 'ports'],
  ...['fwmark', 'health', 'localnode', 'tun-gue', 'tun-remote', 'ipv6-dr', 'everything'],
];

export async function planOf(name: string): Promise<Plan> {
  const folder = ownLabs.includes(name) ? 'test/labs' : 'labs';
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
  const targets: Record<string, string[]> = {
    curl: ['http://192.168.1.3:80/', 'https://192.168.1.3:443/'],
    dig: ['192.168.1.3#53'],
    echo: ['tcp/192.168.1.3/7'],
  };
  const context = {
    mac: '52:54:00:01:0c:01',
    vips: ['192.168.1.3', '192.168.1.9'],
    tools: { curl: true, dig: true, echo: true },
    services: Object.keys(targets).map((tool) => ({
      tool,
      targets: targets[tool],
      firstPort: 10000,
      count: 12,
      step: 1,
    })),
    filter: '(tcp src port 80)',
    nics: [{ mac: '52:54:00:01:0e:01' }],
    settings: true,
    marks: true,
    helpers: true,
    tunnel: 'tunl0',
    gue: true,
  };
  return ['arp', 'client', 'director', 'router', 'real-server'].flatMap((name) =>
    [true, false].flatMap((countersOnly) =>
      [true, false].map((ipv6) => ({
        name: `${name}${countersOnly ? '-counters' : ''}${ipv6 ? '-ipv6' : ''}`,
        text: render({ template: `verify/${name}`, context: { ...context, countersOnly, ipv6 } }),
      })),
    ),
  );
}

import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { listLabFiles } from '../../scripts/host/lab-files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import type { Plan, PlannedScript } from '../../scripts/plan/plan.ts';
import { loadTemplate, loadTemplates } from '../../scripts/render/load-templates.ts';
import { renderer, renderPlan, type Script } from '../../scripts/render/render.ts';
import { drillScripts } from '../drills/samples.ts';

const ownFolder = join(projectRoot, 'test/labs');

/** Labs of the tests' own, for what the shipped ones leave out. */
const ownLabs = (await readdir(ownFolder)).flatMap((file) => (file.endsWith('.yaml') ? parse(file).name : [])).sort();

/** Of these, one for each backend that no shipped lab has. */
export const backendLabs = ownLabs.filter((name) => name.startsWith('backend-'));

/** The shipped labs, and the tests' own. */
export async function allLabs(): Promise<string[]> {
  return [...(await listLabFiles()).keys(), ...ownLabs];
}

/** Labs that between them have every script. */
export const goldenLabs = [
  ...[
    'dr',
    'nat',
    'nat-centos',
    'all-ports',
    'nat-one-arm',
    'one-arm',
    'tun',
    'mixed-modes',
    'thresholds',
    'ports',
    'watched',
    'checked',
    'two-directors',
    'ftp-mark',
    'ldirectord',
    'web',
    'ocfs2',
    'copies',
  ],
  ...['fwmark', 'ha', 'ha-nat', 'health', 'keepalived', 'localnode', 'tun-gue', 'tun-remote', 'ipv6-dr', 'everything'],
  ...backendLabs,
];

export async function planOf(name: string): Promise<Plan> {
  const folder = ownLabs.includes(name) ? ownFolder : join(projectRoot, 'labs');
  const text = await readFile(join(folder, `${name}.yaml`), 'utf8');
  return makePlan(parseLab(text, { name, file: name }).lab);
}

export async function scriptsOf(plan: Plan): Promise<Script[]> {
  return renderPlan(plan, await loadTemplates(projectRoot));
}

/** The scripts that machines of a role have run before they are cloned, each once. */
export async function warmScriptsOf({ nodes }: Plan): Promise<{ name: string; text: string }[]> {
  const names = [...new Set(nodes.flatMap(({ warm }) => warm))];
  return Promise.all(names.map(async (name) => ({ name, text: await loadTemplate(projectRoot, name) })));
}

/** Plan and scripts of a shipped lab, as one text. */
export async function renderGolden(name: string): Promise<string> {
  const plan = await planOf(name);
  const scripts = await scriptsOf(plan);
  const parts = scripts.map(({ node, file, text }) => `##### ${node}: ${file}\n${text}`);
  return [`${JSON.stringify(plan, null, 2)}\n`, ...parts].join('\n');
}

/** What a script is made of. */
export type Rendered = Pick<PlannedScript, 'template' | 'context'>;

/** The scripts of drills, with values like a lab's. */
export async function drillTexts(): Promise<(Rendered & { name: string; text: string })[]> {
  const render = renderer(await loadTemplates(projectRoot));
  return drillScripts.map((script, index) => ({
    ...script,
    name: `${script.template}-${index}`,
    text: render(script),
  }));
}

import { join } from 'node:path';
import { describeProblem, ProviderError, UsageError } from '../errors.ts';
import { labName, readLabFile } from '../host/lab-files.ts';
import { readJson } from '../host/files.ts';
import { type Place, placeOf, projectRoot } from '../host/paths.ts';
import { parseLab } from '../model/parse.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Machine } from '../providers/provider.ts';
import { qemuProvider } from '../providers/qemu/qemu.ts';
import { loadTemplates } from '../render/load-templates.ts';
import { renderPlan, type Script, type Templates } from '../render/render.ts';
import type { Emit } from '../report/events.ts';

/** What the options of a command can change about a lab. */
export interface LabOptions {
  realServers?: number | undefined;
  requests?: number | undefined;
}

export interface OpenedLab {
  plan: Plan;
  place: Place;
  templates: Templates;
  scripts: Script[];
}

/** From a name or a path to everything that can be known before any machine starts. Pure but for reading files. */
export async function openLab(nameOrPath: string, options: LabOptions, emit: Emit): Promise<OpenedLab> {
  const { name, file, text } = await readLabFile(nameOrPath);
  const { lab, warnings } = parseLab(text, { name, file, realServers: options.realServers });
  for (const warning of warnings) emit({ type: 'warning', text: describeProblem(file, warning) });
  return withScripts(makePlan(lab, { requests: options.requests }));
}

async function withScripts(plan: Plan): Promise<OpenedLab> {
  const templates = await loadTemplates(join(projectRoot, 'templates'));
  return { plan, place: placeOf(plan.lab), templates, scripts: renderPlan(plan, templates) };
}

/** A lab that was brought up from this folder, as it was planned then. @throws ProviderError when there is none */
export async function openRunningLab(nameOrPath: string): Promise<OpenedLab> {
  const name = labName(nameOrPath);
  const place = placeOf(name);
  const plan = await readJson<Plan>(join(place.folder, 'plan.json'));
  if (!plan || plan.schema !== 'lvs-lab/plan/1') throw notRunning(name);
  return withScripts(plan);
}

/** Its machines. @throws ProviderError when not all of them run */
export async function machinesOf({ plan, place }: OpenedLab): Promise<Machine[]> {
  const machines = await qemuProvider.machines(plan, place);
  if (!machines) throw notRunning(plan.lab);
  return machines;
}

export function notRunning(name: string): ProviderError {
  return new ProviderError(`lab ${name} does not run, or not all of it`, {
    cause: 'it was not brought up from this folder, or a machine has ended',
    tryThis: `lab up ${name}`,
  });
}

/** A node of the plan. @throws UsageError naming those there are */
export function requireNode(plan: Plan, node: string): string {
  if (plan.nodes.some(({ name }) => name === node)) return node;
  throw new UsageError(`lab ${plan.lab} has no node ${node}`, {
    cause: `its nodes are ${plan.nodes.map(({ name }) => name).join(', ')}`,
  });
}

import { join } from 'node:path';
import { describeProblem, UsageError } from '../errors.ts';
import { readJson } from '../host/files.ts';
import { readLabFile } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { boxName } from '../model/file-schema.ts';
import type { ProviderName, Scheduler } from '../model/lab.ts';
import { parseLab } from '../model/parse.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Emit } from '../report/events.ts';
import { chooseProvider } from './choose-provider.ts';
import { type OpenedLab, withScripts } from './opened-lab.ts';

/** What the options of a command can change about a lab. */
export interface LabOptions {
  realServers?: number | undefined;
  requests?: number | undefined;
  scheduler?: Scheduler | undefined;
}

/** Options of commands that bring machines up. */
export interface MachineOptions extends LabOptions {
  provider?: ProviderName | undefined;
  /** Whether missing parts of this computer may be installed. */
  setup: boolean;
}

/** From a name or a path to everything that can be known before any machine starts. Pure but for reading files. */
export async function openLab(
  nameOrPath: string,
  options: LabOptions | MachineOptions,
  emit: Emit,
): Promise<OpenedLab> {
  const { name, file, text } = await readLabFile(nameOrPath);
  const { lab, warnings } = parseLab(text, {
    name,
    file,
    realServers: options.realServers,
    scheduler: options.scheduler,
  });
  for (const warning of warnings) emit({ type: 'warning', text: describeProblem(file, warning) });
  let { provider } = lab;
  if ('setup' in options) {
    const running = await readJson<Plan>(join(placeOf(name).folder, 'plan.json'));
    const choice = await chooseProvider(options, lab, running);
    emit({ type: 'note', text: `provider ${choice.provider}: ${choice.why}` });
    provider = choice.provider;
  }
  const box = process.env.LAB_BOX ? requireBox(process.env.LAB_BOX) : lab.box;
  return withScripts(makePlan(lab, { provider, box, requests: options.requests }));
}

function requireBox(wish: string): string {
  if (boxName.test(wish)) return wish;
  throw new UsageError(`LAB_BOX: ${JSON.stringify(wish)} is not the name of a Vagrant box`, {
    cause: 'something like debian/bookworm64; a file is added by `vagrant box add --name NAME FILE` first',
  });
}

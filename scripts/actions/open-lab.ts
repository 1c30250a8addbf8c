import { join } from 'node:path';
import { describeProblem, UsageError } from '../errors.ts';
import { readLabFile } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { readState } from '../host/state-file.ts';
import { boxName } from '../model/file-schema.ts';
import type { ProviderName, Scheduler, SiteRole } from '../model/lab.ts';
import { parseLab } from '../model/parse.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Emit } from '../report/events.ts';
import { chooseProvider } from './choose-provider.ts';
import { type OpenedLab, withScripts } from './opened-lab.ts';

/** Options that change a lab. */
export interface LabOptions {
  realServers?: number | undefined;
  requests?: number | undefined;
  scheduler?: Scheduler | undefined;
  with?: SiteRole[] | undefined;
}

/** Options of commands that start machines. */
export interface MachineOptions extends LabOptions {
  provider?: ProviderName | undefined;
  /** Whether missing parts of this computer may be installed. */
  setup: boolean;
}

/** Reads, plans and renders a lab, given its name or the path of its file. Starts nothing. */
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
    with: options.with,
  });
  for (const warning of warnings) emit({ type: 'warning', text: describeProblem(file, warning) });
  let { provider } = lab;
  if ('setup' in options) {
    const running = await readState<Plan>(join(placeOf(name).folder, 'plan.json'));
    const choice = await chooseProvider(options, lab, running);
    emit({ type: 'note', text: `provider ${choice.provider}: ${choice.why}` });
    provider = choice.provider;
  }
  const box = process.env.LAB_BOX ? requireBox(process.env.LAB_BOX) : lab.box;
  const plan = makePlan(lab, { provider, box, requests: options.requests });
  if (provider === 'vagrant') requireNoDisks(plan);
  return withScripts(plan);
}

/** What only the embedded provider gives its machines. */
function requireNoDisks({ lab, nodes, kernel }: Plan): void {
  const [disk] = nodes.filter((node) => node.disk);
  if (!disk && kernel === 'cloud') return;
  throw new UsageError(`lab ${lab} does not run on Vagrant`, {
    cause: disk ? `${disk.name} has a disk beside its own, which the kit makes with qemu only` : `kernel: ${kernel}`,
    tryThis: `lab run ${lab} --provider qemu`,
  });
}

function requireBox(wish: string): string {
  if (boxName.test(wish)) return wish;
  throw new UsageError(`LAB_BOX: ${JSON.stringify(wish)} is not the name of a Vagrant box`, {
    cause: 'something like debian/bookworm64; a file is added by `vagrant box add --name NAME FILE` first',
  });
}

import { join } from 'node:path';
import { describeProblem, UsageError } from '../errors.ts';
import { type LabFileText, namedBy, readLabFile } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { realFolder } from '../host/real-folder.ts';
import { readState } from '../host/state-file.ts';
import { withFullPaths } from '../model/full-paths.ts';
import type { ChosenKernels } from '../model/kernels.ts';
import type { ChosenModules } from '../model/modules.ts';
import { parseLab } from '../model/parse.ts';
import { boxName } from '../model/schema/values.ts';
import type { Scheduler, SiteRole } from '../model/words.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { requirementsOf } from '../plan/requirements.ts';
import { type ProviderName, providerInfo, providers } from '../providers/index.ts';
import { obstacles } from '../providers/suitable.ts';
import { labArgument } from '../render/lab-argument.ts';
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
  kernel?: ChosenKernels | undefined;
  module?: ChosenModules | undefined;
  /** Whether the machines' clock counts instructions. */
  instructionClock?: boolean;
  /** Whether missing parts of this computer may be installed. */
  setup: boolean;
}

/** Reads, plans and renders a lab, given its name or the path of its file. Starts nothing. */
export async function openLab(
  nameOrPath: string,
  options: LabOptions | MachineOptions,
  emit: Emit,
): Promise<OpenedLab> {
  return openText(await readLabFile(nameOrPath), options, emit, namedBy(nameOrPath).file);
}

/**
 * The same for a text.
 * @param typed the path of its file as it was typed, where the lab was named by it
 */
export async function openText(
  { name, file, text }: LabFileText,
  options: LabOptions | MachineOptions,
  emit: Emit,
  typed?: string,
): Promise<OpenedLab> {
  const { lab, warnings } = parseLab(text, {
    name,
    file,
    realServers: options.realServers,
    scheduler: options.scheduler,
    with: options.with,
    kernel: 'setup' in options ? options.kernel : undefined,
    module: 'setup' in options ? options.module : undefined,
  });
  for (const warning of warnings) emit({ type: 'warning', text: describeProblem(file, warning) });
  const box = process.env.LAB_BOX ? requireBox(process.env.LAB_BOX) : lab.box;
  const made = makePlan(withFullPaths(lab, await realFolder(file)), {
    file: typed,
    provider: lab.provider,
    box,
    requests: options.requests,
  });
  if (!('setup' in options)) return withScripts(made);
  const planned: Plan = options.instructionClock ? { ...made, instructionClock: true } : made;
  const running = await readState<Plan>(join(placeOf(name).folder, 'plan.json'));
  const { provider, why } = await chooseProvider(options, lab, running, requirementsOf(planned));
  emit({ type: 'note', text: `provider ${provider}: ${why}` });
  const plan = { ...planned, provider };
  requireSuitable(plan);
  return withScripts(plan);
}

/** @throws UsageError naming a provider that can run the lab */
function requireSuitable(plan: Plan): void {
  const requirements = requirementsOf(plan);
  const reasons = obstacles(requirements, providerInfo(plan.provider));
  if (reasons.length === 0) return;
  const other = providers.find((one) => obstacles(requirements, one).length === 0);
  throw new UsageError(`lab ${plan.lab} cannot run on provider ${plan.provider}`, {
    cause: reasons.join('; '),
    ...(other && { tryThis: `lab run ${labArgument(plan)} --provider ${other.name}` }),
  });
}

function requireBox(wish: string): string {
  if (boxName.test(wish)) return wish;
  throw new UsageError(`LAB_BOX: ${JSON.stringify(wish)} is not the name of a Vagrant box`, {
    cause: 'a name looks like debian/bookworm64; add a box file with `vagrant box add --name NAME FILE` first',
  });
}

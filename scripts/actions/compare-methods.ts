import { resolve } from 'node:path';
import { backendOf } from '../backends/index.ts';
import { type EarlierComparison, earlierComparison, pairsOf } from '../comparison/against.ts';
import { claimsOf } from '../comparison/claims.ts';
import { loads, type MethodFigures, methodFigures, type Seen } from '../comparison/methods.ts';
import { methodsPicture } from '../comparison/picture.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { leaveNoMachines } from '../host/interrupt.ts';
import { labName, shortPath } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { hasPlan, lockLab } from '../host/run-state.ts';
import { writeGiven } from '../host/written-file.ts';
import type { Plan, PlannedService } from '../plan/plan.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { labArgument } from '../render/lab-argument.ts';
import { againText } from '../report/compared-again.ts';
import { methodsRows, methodsText } from '../report/compared-methods.ts';
import { csvText } from '../report/csv.ts';
import { type Emit, stage } from '../report/events.ts';
import { printJson, printText, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { countInstructions } from '../tracking/count-instructions.ts';
import { entryBytesOf, seeRequests } from '../tracking/see-requests.ts';
import { type Tracking, trackingOf } from '../tracking/tracking.ts';
import { bringUp } from './bring-up.ts';
import { endLab } from './down.ts';
import type { Globals } from './globals.ts';
import { openLab } from './open-lab.ts';
import { findRunningLab, machinesOf, type OpenedLab, withScripts } from './opened-lab.ts';

export interface CompareMethodsOptions {
  /** Of each kind, in each lab. */
  requests: number;
  setup: boolean;
  /** Also count the instructions of the director's kernel. */
  instructions?: boolean | undefined;
  /** A document that --json printed before. */
  against?: string | undefined;
  /** Files to write. */
  csv?: string | undefined;
  svg?: string | undefined;
}

/** lab compare NAME…: what the same requests cost in several labs, one lab after the other. */
export async function compareMethods(
  names: readonly string[],
  options: CompareMethodsOptions,
  globals: Globals,
): Promise<number> {
  const earlier = options.against === undefined ? undefined : await earlierIn(options.against);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const labs: MethodFigures[] = [];
  try {
    for (const name of names) labs.push(await measuredIn(name, options, screen.emit));
  } finally {
    screen.clear();
  }
  const { csv, svg } = options;
  if (csv) await writeGiven(csv, csvText(methodsRows(labs)), '--csv');
  if (svg) await writeGiven(svg, methodsPicture(labs), '--svg');
  const against = earlier && pairsOf(labs, earlier.labs);
  if (globals.json) {
    printJson({ schema: 'lvs-lab/compared-methods/1', labs, claims: claimsOf(labs), ...(against && { against }) });
  } else {
    printText(methodsText(labs, screenLook()));
    if (against) printText(`\n${againText(against, shortPath(resolve(options.against ?? '')), screenLook())}`);
  }
  const failed = labs.some((lab) => lab.loads.some((load) => load.failed > 0));
  return failed ? ExitCode.checkFailed : ExitCode.ok;
}

/** @throws UsageError for a file that is no such document */
async function earlierIn(path: string): Promise<EarlierComparison> {
  const file = shortPath(resolve(path));
  try {
    const { data } = earlierComparison.safeParse(JSON.parse(await readGivenFile(path, { pipe: true })));
    if (data) return data;
  } catch (error) {
    if (error instanceof UnreadableError) throw new UsageError(`--against: ${file}: ${error.message}`);
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`--against: ${file} is not what lab compare --json prints`, {
    tryThis: 'lab compare nat dr tun --json > before.json',
  });
}

/** Measures in a lab that runs, or brings it up and ends it. */
async function measuredIn(name: string, options: CompareMethodsOptions, emit: Emit): Promise<MethodFigures> {
  const { setup, instructions = false } = options;
  const runs = await hasPlan(placeOf(labName(name)));
  const opened = runs
    ? await withScripts((await findRunningLab(name)).plan)
    : await openLab(name, { setup, instructionClock: instructions }, emit);
  if (instructions) requireInstructionClock(opened.plan);
  const service = comparedService(opened.plan);
  return inComparedLab(opened, { setup, runs }, emit, (tracking) => measured(tracking, service, options, emit));
}

/**
 * Does something with a lab whose packets are tracked. A lab that did not run is brought up before, and ended afterwards.
 * @param options.runs whether it runs already
 */
export async function inComparedLab<T>(
  opened: OpenedLab,
  { setup, runs }: { setup: boolean; runs: boolean },
  emit: Emit,
  work: (tracking: Tracking) => Promise<T>,
): Promise<T> {
  const { plan, place, templates } = opened;
  const what = `lab compare ${labArgument(plan)}`;
  try {
    const lab = runs
      ? await runningLab(opened, emit)
      : (await bringUp(opened, { setup, what, starting: leaveNoMachines }, emit)).lab;
    try {
      const lock = await lockLab(place, what, emit);
      try {
        return await work(trackingOf(lab, templates));
      } finally {
        lock.release();
      }
    } finally {
      disconnect(lab);
    }
  } finally {
    if (!runs) await endLab(place, emit);
  }
}

async function runningLab(opened: OpenedLab, emit: Emit): Promise<ProvisionedLab> {
  const { plan, place } = opened;
  const machines = await machinesOf(opened, undefined, emit);
  return { plan, place, machines, remotes: await connectAll(machines) };
}

async function measured(
  tracking: Tracking,
  service: PlannedService,
  { requests, instructions }: CompareMethodsOptions,
  emit: Emit,
): Promise<MethodFigures> {
  const { plan } = tracking;
  const { result } = await stage(
    emit,
    'compare',
    `sending requests in lab ${plan.lab}`,
    async () => {
      const seen: Seen[] = [];
      for (const load of loads) seen.push(await seeRequests(tracking, service, load, requests));
      return methodFigures(plan, seen, {
        entryBytes: await entryBytesOf(tracking),
        instructions: instructions ? await countInstructions(tracking, service, requests) : null,
      });
    },
    () => 'requests were sent',
  );
  return result;
}

/** @throws UsageError for a lab that was started before, without such a clock */
function requireInstructionClock(plan: Plan): void {
  if (plan.instructionClock) return;
  throw new UsageError(`lab ${plan.lab} runs, and the clock of its machines does not count instructions`, {
    tryThis: `lab down ${labArgument(plan)}, then the same command, which starts it with such a clock`,
  });
}

/** The service that is asked: the lab's first. @throws UsageError for one that has no pages of any size */
export function comparedService({ lab, services }: Plan): PlannedService {
  const [service] = services;
  if (service?.endpoints.every(({ backend }) => backendOf(backend).pages !== undefined)) return service;
  throw new UsageError(`lab ${lab} cannot be compared: its first service has no web pages`, {
    tryThis: 'lab compare nat dr tun',
  });
}

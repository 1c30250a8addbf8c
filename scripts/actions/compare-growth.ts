import { curvesOf, growthPlan, largest, type Measured } from '../comparison/growth.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { labName } from '../host/lab-files.ts';
import { placeOf } from '../host/paths.ts';
import { hasPlan } from '../host/run-state.ts';
import { writeGiven } from '../host/written-file.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { growthRows, growthText } from '../report/compared-growth.ts';
import { csvText } from '../report/csv.ts';
import { type Emit, stage } from '../report/events.ts';
import { printJson, printText, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { measureGrowth, prepareServers } from '../tracking/measure-growth.ts';
import type { Tracking } from '../tracking/tracking.ts';
import { comparedService, inComparedLab } from './compare-methods.ts';
import type { Globals } from './globals.ts';
import { openLab } from './open-lab.ts';

export interface CompareGrowthOptions {
  setup: boolean;
  /** How often each size is measured. */
  rounds: number;
  /** A file to write. */
  csv?: string | undefined;
}

/** lab compare NAME --growth: what a request costs a director by IPVS and by nft, as its work grows. */
export async function compareGrowth(name: string, options: CompareGrowthOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  try {
    await requireNotRunning(name);
    const opened = await openLab(name, { setup: options.setup, instructionClock: true }, screen.emit);
    requireNat(opened.plan);
    const measured = await inComparedLab(opened, { setup: options.setup, runs: false }, screen.emit, (tracking) =>
      measure(tracking, options.rounds, screen.emit),
    );
    screen.clear();
    const curves = curvesOf(measured);
    const { csv } = options;
    if (csv) await writeGiven(csv, csvText(growthRows(curves)), '--csv');
    if (globals.json)
      printJson({ schema: 'lvs-lab/compared-growth/1', lab: opened.plan.lab, rounds: options.rounds, curves });
    else printText(growthText(curves, options.rounds, screenLook()));
    return ExitCode.ok;
  } finally {
    screen.clear();
  }
}

async function measure(tracking: Tracking, rounds: number, emit: Emit): Promise<Measured[]> {
  const service = comparedService(tracking.plan);
  const { result } = await stage(
    emit,
    'compare',
    'measuring',
    async () => {
      await prepareServers(tracking);
      const measured: Measured[] = [];
      for (let round = 1; round <= rounds; round++) {
        for (const one of growthPlan(largest)) {
          const { axis, size, way } = one;
          emit({ type: 'progress', stage: 'compare', text: `round ${round} of ${rounds}: ${size} ${axis}, ${way}` });
          measured.push({ axis, size, way, instructions: await measureGrowth(tracking, service, one) });
        }
      }
      return measured;
    },
    () => 'everything was measured',
  );
  return result;
}

/** Its director is set up anew again and again, so it must be a lab that nobody uses. */
async function requireNotRunning(name: string): Promise<void> {
  if (!(await hasPlan(placeOf(labName(name))))) return;
  throw new UsageError(`lab ${labName(name)} runs, and --growth sets its director up anew again and again`, {
    tryThis: `lab down ${name}, then the same command, which starts a lab and ends it`,
  });
}

/** nft on a director can do what IPVS does by NAT. */
function requireNat(plan: Plan): void {
  const [service] = plan.services;
  const isNat = service?.destinations.every(({ mode, local }) => mode === 'nat' && !local);
  if (isNat && !plan.backup && plan.family === 4 && service?.fwmark === 0) return;
  throw new UsageError(`--growth compares IPVS with nft, and lab ${labArgument(plan)} is not one that both can do`, {
    cause: 'it takes a lab with one director, whose first service is forwarded by NAT over IPv4, without a mark',
    tryThis: 'lab compare nat --growth',
  });
}

import { countOf } from '../count-of.ts';
import { ExitCode, InterruptedError, LabError, LabFileError, UndecidedError } from '../errors.ts';
import { type Bug, saidOf } from '../experiment/bug.ts';
import { repeatsFor } from '../experiment/rounds.ts';
import { type BugVerdict, hitsOf, type NodeKernel } from '../experiment/trial.ts';
import { theNode } from '../plan/plan.ts';
import { errorText } from '../report/error-text.ts';
import { trialDocument, trialText } from '../report/experiment.ts';
import { type Paint, print, printJson, screenLook, screenWidth } from '../report/output.ts';
import { type Display, display } from '../report/sinks.ts';
import { wrapLines } from '../report/wrap.ts';
import { exportBug } from './export-bug.ts';
import type { Globals } from './globals.ts';
import {
  type BugFile,
  decisive,
  type Look,
  type LookOptions,
  lookForBug,
  openBug,
  type TriedRound,
} from './look-for-bug.ts';

export interface BugOptions extends LookOptions {
  /** So many rounds at both ends, to measure how often it shows. */
  calibrate?: number | undefined;
  /** A file for a bug report. */
  export?: string | undefined;
}

const codes: Record<BugVerdict, number> = {
  reproduced: ExitCode.checkFailed,
  'not reproduced': ExitCode.ok,
  'the lab broke': ExitCode.unknown,
};

/**
 * lab bug ID: says whether a bug is there, by exit codes that `git bisect run` understands.
 * @throws UndecidedError for everything that keeps it from knowing: any other exit code would be taken for a bug that is there
 */
export async function bug(idOrPath: string, options: BugOptions, globals: Globals): Promise<number> {
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  try {
    const file = await openBug(idOrPath);
    if (options.calibrate !== undefined) return await calibrate(file, options.calibrate, options, globals, screen);
    const look = await lookForBug(file, options, screen.emit);
    if (options.export !== undefined) await exportBug(file, look, options, options.export);
    screen.clear();
    if (globals.json) printJson(documentOf(file.bug, options, look));
    else print(textOf(file.bug, options, look));
    return codes[look.verdict];
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof InterruptedError) throw error;
    const what = error instanceof LabFileError ? errorText(error) : error.message;
    throw new UndecidedError(what, error.facts);
  } finally {
    screen.clear();
  }
}

function documentOf(data: Bug, options: BugOptions, { plan, verdict, rounds }: Look) {
  return {
    schema: 'lvs-lab/bug/1',
    bug: data.id,
    title: data.title,
    mended: options.mended,
    lab: plan.lab,
    provider: plan.provider,
    kernel: plan.kernel,
    verdict,
    hits: hits(rounds),
    rounds: rounds.map(({ round, trial }) => ({ round, ...trialDocument(trial) })),
  };
}

const hits = (rounds: readonly TriedRound[]) => hitsOf(rounds.map(({ round }) => round));

function textOf(data: Bug, options: BugOptions, { plan, verdict, rounds }: Look): string {
  const look = screenLook();
  const { paint, width } = look;
  const shown = decisive(rounds);
  const director = shown?.trial.kernels.find(({ node }) => node === theNode(plan, 'director').name);
  return [
    '',
    wrapLines(`  ${paint('bold', data.title)}`, width),
    wrapLines(`  ${data.symptom}`, width),
    '',
    ...(shown ? [trialText(shown.trial, look), ''] : []),
    `  ${verdictWords(verdict, paint)}  ${hits(rounds)} of ${countOf(rounds.length, 'round')} hit`,
    ...(director ? [wrapLines(`  ${kernelWords(data, options, director, verdict)}`, width)] : []),
    ...(options.export === undefined ? [] : [wrapLines(`  the report is in ${options.export}`, width)]),
    '',
  ].join('\n');
}

/** Which kernel the director had, and whether its file says so. */
function kernelWords(
  { where, mended }: Bug,
  options: BugOptions,
  { name, version }: NodeKernel,
  verdict: BugVerdict,
): string {
  const kernel = version && !name.startsWith(version) ? `kernel ${version} (${name})` : `kernel ${name}`;
  // What another setting mends says nothing of the kernel.
  const byKernel = !options.mended || mended?.kernel != null;
  const said = version && byKernel ? saidOf(where, version) : undefined;
  if (said === undefined) return kernel;
  const words = said ? 'has the bug, says its file' : 'does not have the bug, says its file';
  const agrees = verdict === 'the lab broke' || (verdict === 'reproduced') === said;
  return `${kernel} ${words}${agrees ? '' : ': it is not so'}`;
}

function verdictWords(verdict: BugVerdict, paint: Paint): string {
  const colours = { reproduced: 'red', 'not reproduced': 'green', 'the lab broke': 'yellow' } as const;
  return paint(colours[verdict], paint('bold', verdict));
}

/** Measures how often the bug shows, where it is and where it is mended. @throws UndecidedError when no round was clear */
async function calibrate(
  file: BugFile,
  of: number,
  options: BugOptions,
  globals: Globals,
  screen: Display,
): Promise<number> {
  const measure = async (mended: boolean) => {
    // The kernel of the command line is for one end alone, which is the one with the bug.
    const kernel = mended ? undefined : options.kernel;
    const { rounds } = await lookForBug(file, { ...options, kernel, mended, rounds: of }, screen.emit);
    const clear = rounds.filter(({ round }) => round !== 'unclear').length;
    return { hits: hits(rounds), of: clear, unclear: rounds.length - clear };
  };
  const there = await measure(false);
  const mended = file.bug.mended ? await measure(true) : null;
  screen.clear();
  if (there.hits === 0) {
    throw new UndecidedError(`the bug did not show in ${countOf(there.of, 'clear round')}`, {
      cause: `${countOf(there.unclear, 'round')} went otherwise`,
    });
  }
  const repeats = repeatsFor(there, mended ?? undefined);
  if (globals.json) printJson({ schema: 'lvs-lab/calibration/1', bug: file.bug.id, there, mended, repeats });
  else print(calibrationText(there, mended, repeats));
  return ExitCode.ok;
}

type Measure = { hits: number; of: number; unclear: number };

function calibrationText(there: Measure, mended: Measure | null, repeats: { rounds: number; hits: number }): string {
  const share = ({ hits: some, of, unclear }: Measure) =>
    `${some} of ${countOf(of, 'round')}${unclear > 0 ? `, and ${unclear} that went otherwise` : ''}`;
  const pair = ({ hits: some, of }: Measure) => `hits: ${some}, of: ${of}`;
  const { rounds, hits: needed } = repeats;
  const lines = [
    `  with the bug it shows in ${share(there)}`,
    ...(mended ? [`  mended it shows in ${share(mended)}`] : []),
    '',
    `  repeat: { ${pair(there)}${mended ? `, mended: { ${pair(mended)} }` : ''} }`,
    '',
    `  With this line in its file, lab bug does ${countOf(rounds, 'round')} until it takes the bug for absent, and takes it for there when ${countOf(needed, 'round')} hit. Either verdict is then wrong in one of a hundred cases at most.`,
  ];
  return `\n${wrapLines(lines.join('\n'), screenWidth(process.stdout))}\n`;
}

import { join, resolve } from 'node:path';
import { ExitCode, UsageError } from '../errors.ts';
import type { Language } from '../exercise/languages.ts';
import { readIfThere } from '../host/files.ts';
import { readGivenFile, UnreadableError } from '../host/given-file.ts';
import { readKeptPath } from '../host/kept-path.ts';
import { shortPath } from '../host/lab-files.ts';
import { pageStyle, styleHash } from '../host/page-files.ts';
import type { Place } from '../host/paths.ts';
import { writeGiven } from '../host/written-file.ts';
import { differenceOf } from '../page/difference.ts';
import { reportJunit } from '../page/junit.ts';
import { reportKtap } from '../page/ktap.ts';
import { doneStages, type LabReport } from '../page/lab-report.ts';
import { reportMarkdown } from '../page/markdown.ts';
import { reportHtml } from '../page/report-html.ts';
import { type RunDocument, readPrintedRun, readRunDocument } from '../page/run-document.ts';
import type { Plan } from '../plan/plan.ts';
import { labArgument } from '../render/lab-argument.ts';
import { print, printJson, say } from '../report/output.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { findRunningLab } from './opened-lab.ts';

export interface ReportOptions extends LanguageOptions {
  /** Files to write. */
  html?: string | undefined;
  markdown?: string | undefined;
  junit?: string | undefined;
  ktap?: string | undefined;
  /** What --json printed of an earlier run. */
  against?: string | undefined;
}

const formats = ['html', 'markdown', 'junit', 'ktap'] as const;
type Format = (typeof formats)[number];

/** lab report NAME: what the last run or verify of a lab has found. It reaches no machine. */
export async function report(name: string, options: ReportOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const { plan, place } = await findRunningLab(name);
  const earlier = options.against === undefined ? undefined : await earlierRun(options.against);
  const kept = await keptReport(plan, place);
  if (!kept) {
    throw new UsageError(`lab ${plan.lab} has no report`, {
      cause: 'it was not verified since it was started',
      tryThis: `lab verify ${labArgument(plan)}`,
    });
  }
  const against = earlier && { file: earlier.file, difference: differenceOf(earlier.run, kept.run) };
  const found = { ...kept, against };
  const files = formats.flatMap((format) => {
    const file = options[format];
    return file === undefined ? [] : [{ format, file }];
  });
  for (const { format, file } of files) await writeGiven(file, await textOf(format, found, language), `--${format}`);
  const { run, stages } = found;
  if (globals.json)
    printJson({
      schema: 'lvs-lab/report/1',
      lab: plan.lab,
      ok: run.ok,
      files,
      run,
      stages,
      ...(against && { against }),
    });
  else if (files.length === 0) print(reportMarkdown(found).trimEnd());
  else if (globals.loudness !== 'quiet') say(files.map(({ file }) => `  written: ${file}`).join('\n'));
  return ExitCode.ok;
}

async function textOf(format: Format, found: LabReport, language: Language): Promise<string> {
  switch (format) {
    case 'html': {
      const style = await pageStyle();
      return reportHtml(found, language, { style, styleHash: styleHash(style) });
    }
    case 'markdown':
      return reportMarkdown(found);
    case 'junit':
      return reportJunit(found);
    case 'ktap':
      return reportKtap(found);
  }
}

/** @throws UsageError for a file that is no document of a run */
async function earlierRun(path: string): Promise<{ file: string; run: RunDocument }> {
  const file = shortPath(resolve(path));
  try {
    const run = readPrintedRun(await readGivenFile(path, { pipe: true }));
    if (run) return { file, run };
  } catch (error) {
    if (error instanceof UnreadableError) throw new UsageError(`--against: ${file}: ${error.message}`);
    throw error;
  }
  throw new UsageError(`--against: ${file} is not what lab report --json prints`, {
    tryThis: 'lab report NAME --json > before.json',
  });
}

/** What commands have kept of a lab; undefined if it was not verified, or the file has been damaged. */
export async function keptReport(plan: Plan, place: Place): Promise<LabReport | undefined> {
  const run = readRunDocument((await readIfThere(join(place.folder, 'report.json'))) ?? '');
  if (!run) return undefined;
  const stages = doneStages((await readIfThere(join(place.folder, 'events.jsonl'))) ?? '');
  return { plan, run, stages, path: await readKeptPath(place) };
}

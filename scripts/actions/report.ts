import { join } from 'node:path';
import { ExitCode, UsageError } from '../errors.ts';
import type { Language } from '../exercise/languages.ts';
import { readIfThere } from '../host/files.ts';
import { readKeptPath } from '../host/kept-path.ts';
import { pageStyle, styleHash } from '../host/page-files.ts';
import type { Place } from '../host/paths.ts';
import { writeGiven } from '../host/written-file.ts';
import { reportJunit } from '../page/junit.ts';
import { reportKtap } from '../page/ktap.ts';
import { doneStages, type LabReport } from '../page/lab-report.ts';
import { reportMarkdown } from '../page/markdown.ts';
import { reportHtml } from '../page/report-html.ts';
import { readRunDocument } from '../page/run-document.ts';
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
}

const formats = ['html', 'markdown', 'junit', 'ktap'] as const;
type Format = (typeof formats)[number];

/** lab report NAME: what the last run or verify of a lab has found. It reaches no machine. */
export async function report(name: string, options: ReportOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const { plan, place } = await findRunningLab(name);
  const found = await keptReport(plan, place);
  if (!found) {
    throw new UsageError(`lab ${plan.lab} has no report`, {
      cause: 'it was not verified since it was started',
      tryThis: `lab verify ${labArgument(plan)}`,
    });
  }
  const files = formats.flatMap((format) => {
    const file = options[format];
    return file === undefined ? [] : [{ format, file }];
  });
  for (const { format, file } of files) await writeGiven(file, await textOf(format, found, language), `--${format}`);
  const { run, stages } = found;
  if (globals.json) printJson({ schema: 'lvs-lab/report/1', lab: plan.lab, ok: run.ok, files, run, stages });
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

/** What commands have kept of a lab; undefined if it was not verified, or the file has been damaged. */
export async function keptReport(plan: Plan, place: Place): Promise<LabReport | undefined> {
  const run = readRunDocument((await readIfThere(join(place.folder, 'report.json'))) ?? '');
  if (!run) return undefined;
  const stages = doneStages((await readIfThere(join(place.folder, 'events.jsonl'))) ?? '');
  return { plan, run, stages, path: await readKeptPath(place) };
}

import { isSame } from './difference.ts';
import { differenceRows, timeRows } from './difference-rows.ts';
import { answersByService, type LabReport } from './lab-report.ts';
import { pageWords } from './words.ts';

/** The report as Markdown, for an issue or a merge request. */
export function reportMarkdown(report: LabReport): string {
  const { plan, run } = report;
  const failed = run.checks.filter(({ ok }) => !ok).length;
  const verdict = run.ok
    ? `Passed: all ${run.checks.length} checks`
    : `Failed: ${failed} of ${run.checks.length} checks`;
  const parts = [
    `# Report of lab ${plan.lab}`,
    `${plan.title}.`.replace(/\.\.$/, '.'),
    `**${verdict}**`,
    factsText(report),
    ...differenceTexts(report),
    ...answersByService(run).flatMap(({ service, answers }) => [
      `## Answers of ${service}`,
      table(
        ['request', 'predicted', 'observed', 'ms'],
        answers.map(({ request, predicted, server, seconds, error }) => [
          String(request),
          predicted ?? '–',
          server ?? `none: ${error ?? 'no right answer'}`,
          (seconds * 1000).toFixed(0),
        ]),
      ),
    ]),
    '## Checks',
    table(
      ['', 'check', 'observed'],
      run.checks.map(({ ok, warning, id, title, observed }) => [
        ok ? (warning === null ? '✓' : '!') : '✗',
        `\`${id}\` ${title}`,
        observed,
      ]),
    ),
    ...run.checks.filter(({ ok, warning }) => !ok || warning !== null).map(hintText),
    ...(report.path ? ['## Path of the last request that was followed', codeBlock(report.path.result)] : []),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function factsText({ plan, run, stages }: LabReport): string {
  return [
    ...(run.time ? [`- verified ${run.time}`] : []),
    ...(run.kernel ? [`- kernel of the director: ${run.kernel}`] : []),
    `- Debian ${plan.release}, provider ${run.provider}`,
    ...stages.map(({ text, seconds }) => `- ${text}: ${seconds.toFixed(1)} s`),
    `- the last run or verify, all together: ${run.seconds.total.toFixed(1)} s`,
  ].join('\n');
}

function differenceTexts({ against }: LabReport): string[] {
  if (!against) return [];
  const { file, difference } = against;
  const words = pageWords.en;
  return [
    `## ${words.difference}`,
    isSame(difference) ? `${words.againstFile(file)}: ${words.allTheSame}` : `${words.againstFile(file)}.`,
    ...(isSame(difference)
      ? []
      : [table([words.whatDiffers, words.before, words.now], differenceRows(difference, words))]),
    table([words.stage, words.before, words.now], timeRows(difference, words)),
  ];
}

function hintText({ id, expected, observed, warning, hint }: LabReport['run']['checks'][number]): string {
  const facts = warning === null ? [`- expected: ${expected}`, `- observed: ${observed}`] : [`- warning: ${warning}`];
  const meaning = hint ? [`- ${hint.cause}`] : [];
  const commands = hint && hint.commands.length > 0 ? `\n\n${codeBlock(hint.commands.join('\n'))}` : '';
  return `### ${id}\n\n${[...facts, ...meaning].join('\n')}${commands}`;
}

function codeBlock(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

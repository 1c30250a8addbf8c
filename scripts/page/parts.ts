import type { Language } from '../exercise/languages.ts';
import { serviceName } from '../ipvs/rules.ts';
import { escaped } from '../path/markup.ts';
import { isSame } from './difference.ts';
import { differenceRows, timeRows } from './difference-rows.ts';
import { answersByService, type LabReport } from './lab-report.ts';
import type { RunAnswer, RunCheck } from './run-document.ts';
import type { PageWords } from './words.ts';

// Parts of a page: HTML, of which every text is escaped.

/** A table for people and for screen readers; the first cell of each row is its heading. Cells are HTML. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  classes: readonly string[] = [],
): string {
  const headings = head.map((word) => `<th scope="col">${escaped(word)}</th>`).join('');
  const body = rows.map(([first = '', ...rest], at) => {
    const kind = classes[at] ? ` class="${classes[at]}"` : '';
    return `<tr${kind}><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(caption)}"><table>
<caption>${escaped(caption)}</caption>
<thead><tr>${headings}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

export function section(id: string, title: string, ...content: readonly string[]): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>\n${content.join('\n')}\n</section>`;
}

/** Whether the lab passed, in a sentence. */
export function verdictLine({ run }: Pick<LabReport, 'run'>, words: PageWords): string {
  const failed = run.checks.filter(({ ok }) => !ok).length;
  const text = run.ok ? words.passed(run.checks.length) : words.failed(failed, run.checks.length);
  return `<p class="verdict ${run.ok ? 'good' : 'bad'}">${mark(run.ok)} ${escaped(text)}</p>`;
}

const mark = (ok: boolean) => `<span aria-hidden="true">${ok ? '✓' : '✗'}</span>`;

/** Which real server answered each request, beside the predicted one, and how many each answered. */
export function answersPart({ plan, run }: LabReport, words: PageWords): string {
  const parts = answersByService(run).flatMap(({ service, answers }) => {
    const members = plan.services.find((one) => serviceName(one) === service)?.destinations ?? [];
    const most = Math.max(1, ...members.map(({ server }) => answers.filter((one) => one.server === server).length));
    const shares = members.map(({ server, weight }) => {
      const count = answers.filter((one) => one.server === server).length;
      const bar = `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(count * 100) / most}" height="10"/></svg>`;
      return [escaped(server), String(weight), `${count} ${bar}`];
    });
    const head = [words.request, words.port, words.predicted, words.observed, words.milliseconds];
    return [
      table(words.sharesOf(service), [words.realServer, words.weight, words.share], shares),
      table(
        words.answersOf(service),
        head,
        answers.map((one) => answerRow(one, words)),
        answers.map(({ server }) => (server === null ? 'bad' : '')),
      ),
    ];
  });
  return section('answers', words.answers, ...parts);
}

function answerRow({ request, localPort, predicted, server, seconds, error }: RunAnswer, words: PageWords): string[] {
  return [
    String(request),
    String(localPort),
    predicted === null ? '–' : escaped(predicted),
    server === null ? escaped([words.none, error ?? ''].filter(Boolean).join(': ')) : escaped(server),
    (seconds * 1000).toFixed(0),
  ];
}

/** Every check; those that failed or warn say what they mean. */
export function checksPart({ run }: Pick<LabReport, 'run'>, words: PageWords): string {
  const head = [words.check, words.result, words.what, words.observed, words.repair];
  const rows = run.checks.map((one) => [
    `<code>${escaped(one.id)}</code>${one.service ? `<br>${escaped(one.service)}` : ''}`,
    `${mark(one.ok)} ${one.ok ? words.right : words.wrong}${one.warning === null ? '' : `, ${words.warning}`}`,
    escaped(one.title),
    observedCell(one, words),
    hintCell(one),
  ]);
  const classes = run.checks.map(({ ok, warning }) => (!ok ? 'bad' : warning === null ? '' : 'warn'));
  return section('checks', words.checks, table(words.checks, head, rows, classes), causesText(run.diagnosis, words));
}

function observedCell({ ok, observed, expected, warning }: RunCheck, words: PageWords): string {
  const wanted = ok ? '' : `<br>${escaped(words.expected)}: ${escaped(expected)}`;
  return `${escaped(observed)}${wanted}${warning === null ? '' : `<br>${escaped(warning)}`}`;
}

function hintCell({ hint }: RunCheck): string {
  if (hint === null) return '';
  return [escaped(hint.cause), ...hint.commands.map((line) => `<code>${escaped(line)}</code>`)].join('<br>');
}

function causesText(diagnosis: LabReport['run']['diagnosis'], words: PageWords): string {
  if (!diagnosis || diagnosis.causes.length === 0) return '';
  const items = diagnosis.causes.map(({ id, node, what, why, commands }) => {
    const lines = commands.map((line) => `<br><code>${escaped(line)}</code>`).join('');
    return `<li><strong>${escaped(id)}</strong> (${escaped(node)}): ${escaped(what)}. ${escaped(why)}${lines}</li>`;
  });
  return `<h3>${escaped(words.causes)}</h3><ol>${items.join('')}</ol>`;
}

/** What is otherwise than in an earlier run; nothing where there is none to compare with. */
export function differencePart({ against }: LabReport, words: PageWords): string {
  if (!against) return '';
  const { file, difference } = against;
  const safe = (rows: string[][]) => rows.map((row) => row.map(escaped));
  const head = [words.whatDiffers, words.before, words.now];
  return section(
    'difference',
    words.difference,
    isSame(difference)
      ? `<p>${escaped(`${words.againstFile(file)}: ${words.allTheSame}`)}</p>`
      : table(words.againstFile(file), head, safe(differenceRows(difference, words))),
    table(words.times, [words.stage, words.before, words.now], safe(timeRows(difference, words))),
  );
}

/** Kernels, provider and times. */
export function factsPart({ plan, run, stages }: LabReport, words: PageWords): string {
  const facts: [string, string][] = [
    ...(run.time ? [[words.verified, run.time] satisfies [string, string]] : []),
    ...(run.kernel ? [[words.kernel, run.kernel] satisfies [string, string]] : []),
    [words.kernelWish, String(plan.release)],
    [words.provider, run.provider],
    [words.packages, plan.packages.join(' ')],
  ];
  const rows = [...stages, { text: words.total, seconds: run.seconds.total }];
  return section(
    'facts',
    words.facts,
    `<dl>${facts.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`,
    table(
      words.times,
      [words.stage, words.took],
      rows.map(({ text, seconds }) => [escaped(text), words.seconds(seconds)]),
    ),
  );
}

/**
 * The page from its doctype to the end of its head.
 * @param more further elements of the head, a line each
 */
export function headHtml(language: Language, title: string, more: readonly string[]): string {
  return [
    '<!DOCTYPE html>',
    `<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(title)}</title>`,
    ...more,
    '</head>',
  ].join('\n');
}

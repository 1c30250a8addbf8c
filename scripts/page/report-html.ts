import type { Language } from '../exercise/languages.ts';
import { stepsTable } from '../path/html.ts';
import { escaped } from '../path/markup.ts';
import { svgText } from '../path/svg.ts';
import { answersOfServer, type KeptPath, type LabReport } from './lab-report.ts';
import { answersPart, checksPart, differencePart, factsPart, headHtml, section, verdictLine } from './parts.ts';
import { topologySvg } from './topology.ts';
import { type PageWords, pageWords } from './words.ts';

/**
 * The report as a page that needs no other file and no script.
 * @param style the page's style sheet
 * @param styleHash its SHA-256 in base64: the browser takes no other style, and loads nothing at all
 */
export function reportHtml(
  report: LabReport,
  language: Language,
  { style, styleHash }: { style: string; styleHash: string },
): string {
  const words = pageWords[language];
  const title = words.reportOf(report.plan.lab);
  const head = headHtml(language, title, [
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'">`,
    `<style>${style}</style>`,
  ]);
  return `${head}
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(report.plan.title)}</p></header>
<main>
${verdictLine(report, words)}
${differencePart(report, words)}
${topologyPart(report, words)}
${answersPart(report, words)}
${checksPart(report, words)}
${report.path ? pathPart(report.path, words) : ''}
${factsPart(report, words)}
</main>
</body>
</html>
`;
}

function topologyPart({ plan, run }: LabReport, words: PageWords): string {
  const servers = plan.realServers.map(({ node }) => node);
  const note = (node: string) => (servers.includes(node) ? words.answered(answersOfServer(run, node)) : '');
  return section('topology', words.topology, topologySvg(plan, words, note));
}

/** A path: its end in words, the ladder, and each step in a table. */
export function pathPart({ title, result, drawing }: KeptPath, words: PageWords): string {
  return section(
    'path',
    words.path,
    `<p class="words">${escaped(result)}</p>`,
    `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(title)}">${svgText(drawing, title, '')}</div>`,
    `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(words.path)}">${stepsTable(drawing)}</div>`,
  );
}

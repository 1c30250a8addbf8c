import type { Language } from '../exercise/languages.ts';
import { type FaultFamily, faultFamilies } from '../faults/fault.ts';
import { faults } from '../faults/index.ts';
import { serviceName } from '../ipvs/rules.ts';
import { escaped } from '../path/markup.ts';
import type { Plan } from '../plan/plan.ts';
import type { KeptPath, LabReport } from './lab-report.ts';
import { type LiveWords, liveWords } from './live-words.ts';
import { answersPart, checksPart, headHtml, section, verdictLine } from './parts.ts';
import { pathPart } from './report-html.ts';
import { topologySvg } from './topology.ts';
import { pageWords } from './words.ts';

/** A page compares these versions to find the parts that have changed since it was drawn. */
export type Versions = Record<'plan' | 'report' | 'path', string>;

interface Live {
  plan: Plan;
  versions: Versions;
  report: LabReport | undefined;
  path: KeptPath | undefined;
  language: Language;
  readOnly: boolean;
  /** Where all its addresses are: a path that begins and ends with a slash. */
  folder: string;
}

/** The page that `lab watch` serves. Its script fills in what changes; it has no script and no style of its own. */
export function livePage(live: Live): string {
  const { plan, language, readOnly, versions, folder } = live;
  const words = liveWords[language];
  const common = pageWords[language];
  const other = language === 'de' ? 'en' : 'de';
  const title = common.liveOf(plan.lab);
  const head = headHtml(language, title, [
    `<link rel="icon" href="${folder}favicon.ico">`,
    `<link rel="stylesheet" href="${folder}page.css">`,
    `<script type="module" src="${folder}page.js"></script>`,
  ]);
  return `${head}
<body data-folder="${folder}" data-plan="${versions.plan}" data-words="${escaped(JSON.stringify(words.script))}">
<header>
<h1>${escaped(title)}</h1>
<p>${escaped(plan.title)}</p>
<p class="status"><span id="connection" role="status"></span> <a href="${folder}?language=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a></p>
<noscript><p>${escaped(words.noScript)}</p></noscript>
</header>
<main>
${section('topology', common.topology, `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(common.topology)}">${topologySvg(plan, common, () => '')}</div>`)}
${readOnly ? `<p>${escaped(words.readOnly)}</p>` : controls(plan, words)}
<p id="doing" role="status"></p>
<p id="broken" role="status"></p>
${section('log', words.log, '<div class="log" role="log" aria-labelledby="log" tabindex="0"><ol id="lines"></ol></div>')}
${section('rate', words.rate, '<p><svg id="curve" viewBox="0 0 600 80" preserveAspectRatio="none" aria-hidden="true"><path d=""/></svg> <span id="now"></span></p>')}
<div id="directors"></div>
<div id="report-part" data-version="${versions.report}">${livePart('report', live, language)}</div>
<div id="path-part" data-version="${versions.path}">${livePart('path', live, language)}</div>
</main>
</body>
</html>
`;
}

/** A part of the page that changes as a whole. */
export function livePart(
  name: 'report' | 'path',
  { report, path }: Pick<Live, 'report' | 'path'>,
  language: Language,
): string {
  const words = pageWords[language];
  if (name === 'path') return path ? pathPart(path, words) : '';
  return report ? [verdictLine(report, words), checksPart(report, words), answersPart(report, words)].join('\n') : '';
}

function controls(plan: Plan, words: LiveWords): string {
  const services = plan.services.map((one) => `<option>${escaped(serviceName(one))}</option>`).join('');
  const button = (what: string, text: string) => `<button type="submit" data-do="${what}">${escaped(text)}</button>`;
  return section(
    'controls',
    words.controls,
    `<form class="controls" id="sending">
<label>${escaped(words.service)} <select name="service">${services}</select></label>
<label>${escaped(words.count)} <input name="count" type="number" min="1" max="1000" value="12" required></label>
${button('requests', words.send)}${button('path', words.follow)}${button('verify', words.verify)}
</form>
<form class="controls" id="breaking">
<label>${escaped(words.fault)} <select name="fault">${faultOptions(plan)}</select></label>
<label>${escaped(words.place)} <select name="place"></select></label>
${button('break', words.break)}${button('mend', words.mend)}
</form>`,
  );
}

/** The faults that the lab can have, by family. */
function faultOptions(plan: Plan): string {
  const group = (family: FaultFamily) => {
    const options = faults.flatMap((fault) => {
      const places = fault.family === family ? fault.places(plan).map(({ name }) => name) : [];
      if (places.length === 0) return [];
      const text = `${fault.id}: ${fault.title}`;
      return [`<option value="${fault.id}" data-places="${escaped(JSON.stringify(places))}">${escaped(text)}</option>`];
    });
    return options.length > 0 ? `<optgroup label="${family}">${options.join('')}</optgroup>` : '';
  };
  return faultFamilies.map(group).join('');
}

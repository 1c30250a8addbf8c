import { judge } from '../../scripts/checks/judge.ts';
import { codes, coloured, type Style } from '../../scripts/report/output.ts';
import { verdictText } from '../../scripts/report/verdict.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';
import { serviceVerdicts } from '../../scripts/verify/service-verdicts.ts';
import { healthy } from '../checks/healthy.ts';
import { planOf } from '../render/golden.ts';

/** Seconds of one run on two cores without KVM. */
const seconds = 'in 5.8 s (machines 0.9, scripts 2.9, checks 1.3)';

/** docs/screen.svg: what `lab run dr` prints of the tests' healthy lab, as a terminal shows it. */
export async function screen(): Promise<string> {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  const verdict = { ok: true, services: serviceVerdicts(plan, seen), checks: judge(plan, seen), kernel: undefined };
  const text = verdictText(plan, verdict, seconds, { paint: coloured, width: plainWidth });
  return svg(['$ npx lab run dr', '', ...text.split('\n')], 'What lab run dr prints');
}

interface Piece {
  column: number;
  classes: string;
  text: string;
}

/** Cuts a line where its style changes, and where two blanks or more are: each piece gets a place of its own. */
function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let open: Style[] = [];
  const styles = Object.keys(codes) as Style[];
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
  for (const part of line.split(/(\u001b\[\d+m| {2,})/)) {
    const code = part.startsWith('\u001b') ? Number.parseInt(part.slice(2), 10) : undefined;
    const begun = styles.find((style) => codes[style][0] === code);
    if (begun) open.push(begun);
    else if (code !== undefined) open = open.filter((style) => codes[style][1] !== code);
    else {
      const blanks = part.length - part.trimStart().length;
      if (part.trim() !== '') found.push({ column: column + blanks, classes: open.join(' '), text: part.trimStart() });
      column += [...part].length;
    }
  }
  return found;
}

const cell = { width: 8.4, height: 19 };
const margin = { left: 18, top: 44 };

/** Lines of a terminal as SVG. A piece of text stands at its column, however wide the reader's font is. */
function svg(lines: readonly string[], title: string): string {
  const cut = lines.map(pieces);
  const columns = Math.max(...cut.flat().map(({ column, text }) => column + [...text].length));
  const width = Math.ceil(columns * cell.width + 2 * margin.left);
  const height = lines.length * cell.height + margin.top + 12;
  const rows = cut.flatMap((row, at) =>
    row.map(({ column, classes, text }) => {
      const [x, y] = [margin.left + column * cell.width, margin.top + (at + 0.75) * cell.height];
      const style = classes ? ` class="${classes}"` : '';
      return `  <text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${style}>${xmlText(text)}</text>`;
    }),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `  <title id="title">${title}</title>`,
    `  <desc id="desc">${xmlText(cut.map((row) => row.map(({ text }) => text).join(' ')).join('\n'))}</desc>`,
    '  <style>',
    '    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre }',
    '    .bold { font-weight: 700 } .dim { fill: #9da7b3 } .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #e3b341 } .cyan { fill: #56d4dd }',
    '  </style>',
    `  <rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0d1117" stroke="#3d444d"/>`,
    '  <g fill="#3d444d"><circle cx="22" cy="20" r="6"/><circle cx="42" cy="20" r="6"/><circle cx="62" cy="20" r="6"/></g>',
    ...rows,
    '</svg>',
  ].join('\n')}\n`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

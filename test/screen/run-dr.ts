import { judge } from '../../scripts/checks/judge.ts';
import { codes, coloured, type Style } from '../../scripts/report/output.ts';
import { verdictText } from '../../scripts/report/verdict.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';
import { serviceVerdicts } from '../../scripts/verify/service-verdicts.ts';
import { healthy } from '../checks/healthy.ts';
import { planOf } from '../render/golden.ts';
import { type Piece, rowOf, terminalSvg } from './terminal-svg.ts';

/** Seconds of one run on two cores without KVM. */
const seconds = 'in 5.8 s (machines 0.9, scripts 2.9, checks 1.3)';

/** docs/screen.svg: what `lab run dr` prints of the tests' healthy lab, as a terminal shows it. */
export async function runDr(): Promise<string> {
  const plan = await planOf('dr');
  const seen = healthy(plan);
  const verdict = { ok: true, services: serviceVerdicts(plan, seen), checks: judge(plan, seen), kernel: undefined };
  const text = verdictText(plan, verdict, seconds, { paint: coloured, width: plainWidth });
  const rows = ['$ npx lab run dr', '', ...text.split('\n')].map(pieces);
  return terminalSvg({
    columns: Math.max(...rows.flat().map((piece) => piece.column + [...piece.text].length)),
    rows: rows.length,
    title: 'What lab run dr prints',
    description: rows.map((row) => row.map((piece) => piece.text).join(' ')).join('\n'),
    content: rows.flatMap((row, at) => rowOf(row, at)),
  });
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

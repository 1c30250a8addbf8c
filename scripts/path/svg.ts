import { wrapped } from '../report/wrap.ts';
import type { ArrowRow, Drawing, NoteRow, Row } from './drawing.ts';
import { escaped } from './markup.ts';
import { columnName } from './terminal.ts';

/** Pixels. */
const size = { width: 960, left: 120, right: 60, head: 56, arrow: 34, line: 16, phase: 30, letter: 6.7 };

/** The colours of a ladder, also for dark screens. The page around it uses them too. */
export const ladderStyle = `
.ladder{--ink:#1a1a1a;--dim:#5c6470;--line:#b8c0cc;--good:#0b57d0;--warn:#8a5200;--bad:#b3261e;--paper:#fff;font-family:system-ui,sans-serif}
@media (prefers-color-scheme:dark){.ladder{--ink:#e8eaed;--dim:#a7b0bd;--line:#4a5260;--good:#8ab4f8;--warn:#fdd663;--bad:#f28b82;--paper:#16181c}}
.ladder .paper{fill:var(--paper)}.ladder text{fill:var(--ink);font-size:14px}.ladder .node{font-weight:600;text-anchor:middle}
.ladder .time,.ladder .note,.ladder .more{fill:var(--dim);font-size:12px}.ladder .time{text-anchor:end}.ladder .phase{fill:var(--good);font-weight:600;font-size:12px}
.ladder .bar{stroke:var(--line)}.ladder .shaft{stroke:var(--good);stroke-width:2}.ladder .tip{fill:var(--good)}
.ladder .label{text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:5px}
.ladder .warning .shaft{stroke:var(--warn);stroke-dasharray:6 3}.ladder .warning .tip{fill:var(--warn)}
.ladder .bad .shaft{stroke:var(--bad);stroke-dasharray:2 3}.ladder .bad .tip,.ladder .bad text.note{fill:var(--bad)}`.trim();

/**
 * Draws a ladder as SVG that stands alone: no font, script or file from elsewhere.
 * @param style '' where the page around it has `ladderStyle`
 */
export function svgText(drawing: Drawing, title: string, style = ladderStyle): string {
  const painter = new Painter(drawing);
  const body = painter.rows(drawing.rows);
  const { width } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="ladder" viewBox="0 0 ${width} ${painter.height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    ...(style ? [`<style>${style}</style>`] : []),
    `<rect class="paper" width="${width}" height="${painter.height}"/>`,
    ...painter.head(),
    ...body,
    '</svg>',
  ].join('\n');
}

class Painter {
  readonly #columns: readonly string[];
  #y = size.head;
  #step = 0;

  constructor({ columns }: Drawing) {
    this.#columns = columns;
  }

  get height(): number {
    return this.#y + 20;
  }

  /** To be called last: the lines of the nodes are as long as the drawing. */
  head(): string[] {
    return this.#columns.map((name, at) => {
      const x = this.#x(at);
      const bar = `<line class="bar" x1="${x}" y1="40" x2="${x}" y2="${this.height - 8}"/>`;
      return `${bar}<text class="node" x="${x}" y="28">${escaped(columnName(name))}</text>`;
    });
  }

  rows(rows: readonly Row[]): string[] {
    return rows.map((row) => {
      if (row.kind === 'arrow') return this.#arrow(row);
      if (row.kind === 'note') return this.#group(row.tone, this.#texts([row.text], this.#x(row.column), 'note'));
      if (row.kind === 'more') return this.#texts([row.text], this.#x(0), 'more').join('');
      this.#y += size.phase;
      return `<text class="phase" x="8" y="${this.#y - 8}">${escaped(row.text)}</text>`;
    });
  }

  #arrow({ time, from, to, label, notes, tone }: ArrowRow): string {
    this.#step++;
    this.#y += size.arrow;
    const y = this.#y - 8;
    const [begin, end] = [this.#x(from), this.#x(to)];
    const side = end > begin ? -1 : 1;
    const tip = `<path class="tip" d="M${end} ${y}l${side * 11} -5v10z"/>`;
    const shaft = `<line class="shaft" x1="${begin}" y1="${y}" x2="${end + side * 10}" y2="${y}"/>`;
    const words = `<text class="label" x="${(begin + end) / 2}" y="${y - 6}">${escaped(label)}</text>`;
    const when = `<text class="time" x="${size.left - 44}" y="${y + 4}">${time.toFixed(2)} ms</text>`;
    return this.#group(tone, [when, shaft, tip, words, ...this.#texts(notes, Math.min(begin, end), 'note')]);
  }

  #group(tone: NoteRow['tone'], parts: readonly string[]): string {
    return `<g class="step ${tone}" data-step="${this.#step}">${parts.join('')}</g>`;
  }

  /** Texts beside a node's line; those that would go beyond the right edge end there. */
  #texts(texts: readonly string[], bar: number, kind: string): string[] {
    const letters = Math.floor((size.width - size.left) / size.letter);
    return texts
      .flatMap((text) => wrapped(text, letters))
      .map((text) => {
        this.#y += size.line;
        const x = Math.max(size.left, Math.min(bar + 8, size.width - 8 - text.length * size.letter));
        return `<text class="${kind}" x="${x.toFixed(1)}" y="${this.#y - 6}">${escaped(text)}</text>`;
      });
  }

  #x(column: number): number {
    const room = size.width - size.left - size.right;
    return Math.round(size.left + (this.#columns.length > 1 ? (column * room) / (this.#columns.length - 1) : room / 2));
  }
}

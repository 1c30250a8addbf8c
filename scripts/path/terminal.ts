import type { Look, Style } from '../report/output.ts';
import { widthOf, wrapped } from '../report/wrap.ts';
import type { ArrowRow, Drawing, NoteRow, Row, Tone } from './drawing.ts';

/** Columns of the times, with a blank behind them. */
const timeWidth = 9;

/** A text of several lines begins to the left of its node's line if there is less room than this beside it. */
const leastBeside = 28;

/** Draws a ladder diagram on the screen: a line under each node, an arrow for each frame, and what changed below the arrow. */
export function terminalText(drawing: Drawing, look: Look): string {
  const canvas = new Canvas(drawing.columns, look);
  return [canvas.head(), ...drawing.rows.flatMap((row) => canvas.lines(row)), canvas.bare()].join('\n');
}

/** `…05:01`: the end of the MAC of a machine that is no node of the lab. */
export function columnName(name: string): string {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(name) ? `…${name.slice(-5)}` : name;
}

/** A text in a line that begins at a column. */
interface Piece {
  at: number;
  text: string;
  style?: Style | undefined;
}

const toneStyles: Record<Tone, Style | undefined> = { plain: undefined, warning: 'yellow', bad: 'red' };

class Canvas {
  readonly #names: string[];
  readonly #look: Look;
  /** Where the nodes' lines are. */
  readonly #bars: number[];

  constructor(columns: readonly string[], look: Look) {
    this.#look = look;
    this.#names = columns.map(columnName);
    const [first = '', last = ''] = [this.#names[0], this.#names.at(-1)];
    const begin = timeWidth + Math.floor(first.length / 2);
    const end = Math.max(begin, look.width - Math.ceil(last.length / 2) - 1);
    const step = columns.length > 1 ? (end - begin) / (columns.length - 1) : 0;
    this.#bars = columns.map((_, index) => Math.round(begin + index * step));
  }

  head(): string {
    const names = this.#names.map((name, index): Piece => {
      const at = (this.#bars[index] ?? 0) - Math.floor(name.length / 2);
      return { at: Math.max(timeWidth, Math.min(at, this.#look.width - name.length)), text: name, style: 'bold' };
    });
    return this.#line([{ at: 6, text: 'ms', style: 'dim' }, ...names], false);
  }

  bare(): string {
    return this.#line([]);
  }

  lines(row: Row): string[] {
    if (row.kind === 'phase') return [this.#line([{ at: 0, text: row.text, style: 'cyan' }])];
    if (row.kind === 'more') return this.#texts([row.text], this.#bars[0] ?? timeWidth, 'plain');
    return row.kind === 'note' ? this.#note(row) : this.#arrow(row);
  }

  #note({ column, text, tone }: NoteRow): string[] {
    return this.#texts([text], this.#bars[column] ?? timeWidth, tone);
  }

  #arrow({ time, from, to, label, notes, tone }: ArrowRow): string[] {
    const [begin = 0, end = 0] = [this.#bars[from], this.#bars[to]];
    const [left, right] = [Math.min(begin, end), Math.max(begin, end)];
    const room = right - left - 1;
    const short = [label, label.replace(/, (\d+) bytes?/, ' $1 B')].find((one) => one.length + 4 <= room);
    const text = short ? ` ${short} ` : '';
    const before = Math.floor((room - text.length) / 2);
    const shaft = `${'─'.repeat(before)}${text}${'─'.repeat(Math.max(0, room - before - text.length))}`;
    const arrow = end > begin ? `├${shaft.slice(0, -1)}▶` : `◀${shaft.slice(1)}┤`;
    const at = end > begin ? left : left + 1;
    const line = this.#line([
      { at: 0, text: time.toFixed(2).padStart(timeWidth - 1), style: 'dim' },
      { at, text: arrow, style: toneStyles[tone] },
    ]);
    return [line, ...this.#texts(short ? notes : [label, ...notes], left, tone)];
  }

  /** Texts below an arrow. They begin at the line of a node, or further to the left if there is too little room. */
  #texts(texts: readonly string[], bar: number, tone: Tone): string[] {
    const style = tone === 'plain' ? 'dim' : toneStyles[tone];
    return texts.flatMap((text) => {
      const whole = this.#look.width - timeWidth - 2;
      const beside = this.#look.width - bar - 2;
      const room = widthOf(text) <= whole || beside < leastBeside ? whole : beside;
      return wrapped(text, room).map((part) => {
        const at = Math.max(timeWidth, Math.min(bar + 2, this.#look.width - widthOf(part)));
        return this.#line([{ at, text: part, style }]);
      });
    });
  }

  /** A line of the screen: the nodes' lines, and texts over them with a blank at each side. */
  #line(pieces: readonly Piece[], withBars = true): string {
    const all: Piece[] = withBars ? this.#bars.map((at): Piece => ({ at, text: '│', style: 'dim' })) : [];
    const free = all.filter(
      ({ at }) => !pieces.some((piece) => at >= piece.at - 1 && at <= piece.at + widthOf(piece.text)),
    );
    const ends = all.filter(({ at }) =>
      pieces.some(({ at: begin, text }) => /[◀▶]/.test(text) && (at === begin - 1 || at === begin + text.length)),
    );
    let line = '';
    let column = 0;
    for (const { at, text, style } of [...pieces, ...free, ...ends].sort((one, other) => one.at - other.at)) {
      if (at < column) continue;
      line += ' '.repeat(at - column) + (style ? this.#look.paint(style, text) : text);
      column = at + widthOf(text);
    }
    return line.trimEnd();
  }
}

import type { Ledger } from '../../ledger.ts';
import type { Statement } from '../../statement.ts';
import type { Line } from './line.ts';

interface Definition {
  /** One line, or several. */
  lines: readonly Line[];
  several: boolean;
  /** The statement that defines it; none for the variable of a sequence. */
  by?: Statement | undefined;
  used: boolean;
}

/** ${NAME} anywhere, or $NAME before a blank, a comma, a closing bracket or the end (find_definition in lib/parser.c). */
const uses = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)(?=[ \t,)]|$))/g;

/** Definitions of keepalived's own that only a running keepalived knows: a folder, a name, a variable of its environment. */
const running = /\$\{(_PWD|_INSTANCE|_ENV[ \t]+\w+)\}/g;

/** A random number, with the least and the largest that it can be. */
const random = /\$(?:\{_RANDOM(?:[ \t]+(\d+))?(?:[ \t]+\d+)?\}|_RANDOM(?=[ \t,)]|$))/g;

/** Stands behind a number that keepalived draws anew each time it starts. */
export const drawn = '\u0001';

/** What `$NAME=value` defines, as it is at this place of the configuration. */
export class Definitions {
  readonly #known = new Map<string, Definition>();
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.set('_HASH', '#');
    this.set('_BANG', '!');
  }

  /** Sets the variable of a sequence. */
  set(name: string, value: string): void {
    this.#known.set(name, { lines: [{ text: value, file: '', line: 0 }], several: false, used: false });
  }

  define(name: string, lines: readonly Line[], several: boolean, by: Statement): void {
    const before = this.#known.get(name);
    if (before?.by && !before.used)
      this.#ledger.leave(before.by, `nothing uses it before line ${by.line} sets it anew`);
    this.#known.set(name, { lines, several, by, used: false });
  }

  /**
   * A line with its definitions in their places, each once: what they bring may have others. A definition of several lines counts
   * at the end of a line alone. Of a random number it has the least; what only a running keepalived knows stays, without braces.
   * @returns the line and those that follow it
   */
  replaced({ text, ...place }: Line): Line[] {
    let rest: readonly Line[] = [];
    let first = place;
    const known = text.replace(running, '$$$1').replace(random, (_, least = '0') => `${least}${drawn}`);
    const now = known.replace(uses, (whole, braced, plain, at: number) => {
      const found = this.#known.get(braced ?? plain);
      if (!found || (found.several && at + whole.length < known.length)) return whole;
      found.used = true;
      this.#ledger.keep(found.by);
      const [line, ...others] = found.lines;
      rest = others;
      if (found.several && at === 0 && line) first = { file: line.file, line: line.line };
      return line?.text ?? '';
    });
    return [{ ...first, text: now }, ...rest];
  }

  /** Says of each definition that nothing has used that it is left. */
  close(): void {
    for (const { by, used } of this.#known.values()) if (by && !used) this.#ledger.leave(by, 'nothing uses it');
  }
}

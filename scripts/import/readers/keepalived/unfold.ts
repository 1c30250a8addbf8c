import type { Ledger } from '../../ledger.ts';
import { type Source, SourceError, Statement } from '../../statement.ts';
import type { ReaderOptions } from '../reader.ts';
import { withoutComment, wordsOf } from './comments.ts';
import { Definitions, drawn } from './definitions.ts';
import type { Line } from './line.ts';
import { isSequence, sequenceOf } from './sequences.ts';

/** The most lines of an unfolded configuration, and the deepest nesting of definitions and includes. */
const mostLines = 20_000;
const deepest = 50;

/**
 * The lines of a configuration as keepalived sees them (read_line in lib/parser.c): comments are cut, conditions are decided,
 * definitions are put in their places, sequences are written out, and included files are read.
 * @throws SourceError for a condition without --config-id, and for a text that unfolds without end
 */
export function unfolded(sources: readonly Source[], ledger: Ledger, options: ReaderOptions): Line[] {
  const unfolding = new Unfolding(sources, ledger, options);
  for (const source of sources) unfolding.file(source, 0);
  return unfolding.finish();
}

class Unfolding {
  readonly #lines: Line[] = [];
  readonly #definitions: Definitions;
  readonly #ledger: Ledger;
  readonly #options: ReaderOptions;
  /** The configurations that conditions name. */
  readonly #ids: readonly string[];

  constructor(sources: readonly Source[], ledger: Ledger, options: ReaderOptions) {
    const ids = sources.flatMap(({ text }) => [...text.matchAll(/^[ \t]*@\^?([^\s^]+)/gm)].map(([, id = '']) => id));
    this.#ids = [...new Set(ids)];
    this.#ledger = ledger;
    this.#options = options;
    this.#definitions = new Definitions(ledger);
  }

  finish(): Line[] {
    this.#definitions.close();
    return this.#lines;
  }

  file(source: Source, depth: number): void {
    const raw = source.text.split('\n').map((text) => text.replace(/\r+$/, ''));
    const lines = raw.map((text, at): Line => ({ text: withoutComment(text), file: source.name, line: at + 1 }));
    // An empty line ends a definition. A comment does not, nor does a line of blanks.
    const ends = [...raw, ''];
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at];
      if (!line) break;
      const decided = this.#decided(line);
      const [, name, value = ''] = /^\$([A-Za-z_]\w*)=(.*)$/.exec(decided?.text ?? '') ?? [];
      if (name && decided) {
        const following = lines.slice(at + 1, ends.indexOf('', at));
        at += this.#define(name, { ...decided, text: value.trim() }, following);
      } else if (decided) this.#unfold(decided, source, depth);
    }
  }

  /** @returns how many of the lines that follow belong to the definition */
  #define(name: string, first: Line, following: readonly Line[]): number {
    const { file, line, text } = first;
    const by = this.#ledger.add(new Statement(file, line, [`$${name}=${text}`]));
    const several = text.endsWith('\\');
    const body: Line[] = [first];
    let count = 0;
    for (const next of several ? following : []) {
      if (!body.at(-1)?.text.endsWith('\\')) break;
      if (next.text !== '') body.push(next);
      count++;
    }
    const bare = body.map((one) => ({ ...one, text: one.text.replace(/[ \t]*\\$/, '') }));
    this.#definitions.define(name, bare, several, by);
    return count;
  }

  /** A line without its condition; undefined for one of another configuration. */
  #decided(line: Line): Line | undefined {
    const [, not, id, rest = ''] = /^@(\^?)(\S*)(?:[ \t]+(.*))?$/.exec(line.text) ?? [];
    if (id === undefined) return line;
    const { configId } = this.#options;
    if (configId === undefined)
      throw new SourceError(
        line,
        `which configuration? This line is for ${not ? 'all but ' : ''}${id} alone`,
        `--config-id ${this.#ids.join(' or ')}`,
      );
    if ((id === configId) !== (not === '^')) return this.#decided({ ...line, text: rest });
    const other = this.#ledger.add(new Statement(line.file, line.line, [line.text]));
    this.#ledger.leave(other, `it is not for the configuration ${configId}`);
    return undefined;
  }

  #unfold(line: Line, from: Source, depth: number): void {
    if (line.text === '') return;
    if (depth > deepest)
      throw new SourceError(line, 'definitions that contain themselves, or files that include themselves');
    const decided = this.#decided(line);
    if (!decided) return;
    const { text } = decided;
    const [, name, value = ''] = /^\$([A-Za-z_]\w*)=(.*)$/.exec(text) ?? [];
    if (name) this.#define(name, { ...decided, text: value.trim() }, []);
    else if (isSequence(text)) this.#repeat(decided, from, depth);
    else {
      const [first, ...rest] = this.#definitions.replaced(decided);
      if (first && first.text !== text) {
        this.#unfold({ ...first, text: withoutComment(first.text) }, from, depth + 1);
        for (const one of rest) this.#unfold(one, from, depth + 1);
      } else this.#put(decided, from, depth);
    }
  }

  #repeat(line: Line, from: Source, depth: number): void {
    const replaced = (text: string) =>
      (this.#definitions.replaced({ ...line, text })[0]?.text ?? '').replaceAll(drawn, '');
    const { repetitions, rest } = sequenceOf(line, replaced);
    const opens = /\{[^}]*$/.test(rest.replace(/\$\{\w+\}|"[^"]*"/g, ''));
    for (const [at, values] of repetitions.entries()) {
      for (const [name, value] of values) this.#definitions.set(name, value);
      if (!opens || at === 0) this.#unfold({ ...line, text: rest }, from, depth + 1);
      else {
        const lost = this.#ledger.add(new Statement(line.file, line.line, wordsOf(replaced(rest))));
        this.#ledger.leave(
          lost,
          'the sequence repeats this line alone, not the block that it opens; put the block into a definition',
        );
      }
    }
  }

  #put(line: Line, from: Source, depth: number): void {
    const [, pattern] = /^include[rmwba]?[ \t]+(.*)$/.exec(line.text) ?? [];
    if (pattern !== undefined) this.#include(pattern, line, from, depth);
    else if (this.#lines.push(line) > mostLines) throw new SourceError(line, `unfolds to more than ${mostLines} lines`);
  }

  #include(pattern: string, line: Line, from: Source, depth: number): void {
    const statement = this.#ledger.add(new Statement(line.file, line.line, [line.text]));
    const found = this.#options.included(pattern, from);
    if (typeof found === 'string') this.#ledger.leave(statement, found);
    else {
      this.#ledger.keep(statement);
      for (const source of found) this.file(source, depth + 1);
    }
  }
}

import { LineError } from '../errors.ts';

/** A file of a configuration. */
export interface Source {
  name: string;
  text: string;
}

/** One statement of a configuration: a line of a file, or an option of a command. It knows which of its words were read. */
export class Statement {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly words: readonly string[];
  /** The statement that this one stands in. */
  readonly parent: Statement | undefined;
  /** The statements in it; undefined for one that has no block. */
  block: Statement[] | undefined;
  readonly #read = new Set<number>([0]);

  readonly #text: string | undefined;

  /** @param text as it is written, if that is not its words with blanks between them */
  constructor(file: string, line: number, words: readonly string[], parent?: Statement, text?: string) {
    this.file = file;
    this.line = line;
    this.words = words;
    this.parent = parent;
    this.#text = text;
  }

  /** Its first word. */
  get name(): string {
    return this.words[0] ?? '';
  }

  get text(): string {
    return this.#text ?? this.words.join(' ');
  }

  /** The statements that it stands in, from the inside out: `HTTP_GET of real_server 10.0.0.1 80 of …`. */
  get of(): string {
    return this.parent ? [this.parent.text, this.parent.of].filter(Boolean).join(' of ') : '';
  }

  /** A word, which counts as read from now on. */
  word(at: number): string | undefined {
    this.#read.add(at);
    return this.words[at];
  }

  /** All words from here on, which count as read. */
  from(at: number): string[] {
    return this.words.flatMap((_, index) => (index < at ? [] : (this.word(index) ?? [])));
  }

  /** Words that nobody has read. */
  get unread(): string[] {
    return this.words.filter((_, at) => !this.#read.has(at));
  }
}

/** A line of one of several files makes no sense. */
export class SourceError extends LineError {
  readonly file: string;
  /** What helps, if it is not the same for all lines. */
  readonly fix: string | undefined;

  constructor({ file, line }: { file: string; line: number }, what: string, fix?: string) {
    super(line, what);
    this.file = file;
    this.fix = fix;
  }
}

import { type Token, tokensOf } from './tokens.ts';

/** A command of a script, and what decides whether it runs. */
export type Node =
  | { kind: 'command'; line: number; words: Token[]; target: string | undefined }
  | { kind: 'for'; line: number; name: string; items: Token[]; body: Node[] }
  | { kind: 'case'; line: number; subject: string; branches: Branch[] }
  | { kind: 'function'; line: number; name: string; body: Node[] }
  | { kind: 'maybe'; line: number; condition: string; body: Node[] };

/** A branch of a case. */
interface Branch {
  line: number;
  patterns: string[];
  body: Node[];
}

/** The deepest nesting of loops and conditions. */
const deepest = 50;

/**
 * Reads a shell script. What makes no sense as a script becomes commands that nobody knows.
 * @returns its commands, and the words that end texts in it (here-documents), whose lines count as commands
 */
export function scriptOf(text: string): { nodes: Node[]; ends: ReadonlySet<string> } {
  const parser = new Parser(tokensOf(text));
  return { nodes: parser.nodes([], 0), ends: parser.ends };
}

class Parser {
  readonly #tokens: Token[];
  readonly ends = new Set<string>();
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  /** Nodes up to one of these words where a command could begin, or up to the end. */
  nodes(until: readonly string[], depth: number): Node[] {
    const found: Node[] = [];
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (!token || until.includes(token.text)) break;
      if (token.kind !== 'word') {
        this.#at++;
        if (token.text === '||') found.push(...this.#after(found, depth));
        else if (token.text === '&&' && isTest(found.at(-1))) found.push(...this.#after(found, depth));
        continue;
      }
      found.push(...this.#node(token, depth));
    }
    return found;
  }

  /** What follows && or ||, and runs or not by what came before it. */
  #after(before: readonly Node[], depth: number): Node[] {
    this.#skipEnds();
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word') return [];
    const last = before.at(-1);
    const condition = last?.kind === 'command' ? last.words.map(({ text }) => text).join(' ') : 'what is before it';
    return [{ kind: 'maybe', line: token.line, condition, body: this.#node(token, depth) }];
  }

  #node(token: Token, depth: number): Node[] {
    const { text, line } = token;
    const next = this.#tokens[this.#at + 1];
    if (depth > deepest) return [this.#command()];
    if (text === 'for' && next?.kind === 'word') return [this.#loop(depth)];
    if (text === 'case' && next?.kind === 'word') return [this.#case(depth)];
    if (text === 'if' || text === 'while' || text === 'until') return this.#condition(text, depth);
    if (text === '{') {
      this.#at++;
      const body = this.nodes(['}'], depth + 1);
      this.#at++;
      return body;
    }
    const named = text === 'function' ? next?.text : text;
    const from = this.#at + (text === 'function' ? 2 : 1);
    const brackets = this.#tokens[from]?.text === '(' && this.#tokens[from + 1]?.text === ')';
    if (named && (brackets || text === 'function')) {
      this.#at = from + (brackets ? 2 : 0);
      this.#skipEnds();
      if (this.#tokens[this.#at]?.text === '{') {
        this.#at++;
        const body = this.nodes(['}'], depth + 1);
        this.#at++;
        return [{ kind: 'function', line, name: named, body }];
      }
      return [];
    }
    return [this.#command()];
  }

  #loop(depth: number): Node {
    const { line } = this.#take();
    const name = this.#take().text;
    const items: Token[] = [];
    while (this.#tokens[this.#at]?.kind === 'word') items.push(this.#take());
    if (items[0]?.text === 'in') items.shift();
    this.#skipTo('do');
    const body = this.nodes(['done'], depth + 1);
    this.#at++;
    return { kind: 'for', line, name, items, body };
  }

  #case(depth: number): Node {
    const { line } = this.#take();
    const subject = this.#take().text;
    this.#skipTo('in');
    const branches: Branch[] = [];
    while (this.#at < this.#tokens.length) {
      this.#skipEnds();
      if (this.#tokens[this.#at]?.text === '(') this.#at++;
      const patterns: string[] = [];
      const { line: first } = this.#tokens[this.#at] ?? { line };
      while (this.#at < this.#tokens.length && !['esac', ')'].includes(this.#tokens[this.#at]?.text ?? '')) {
        const one = this.#take();
        if (one.kind === 'word') patterns.push(one.text);
      }
      const ended = this.#take().text !== ')';
      const body = ended ? [] : this.nodes([';;', 'esac'], depth + 1);
      if (patterns.length > 0) branches.push({ line: first, patterns, body });
      if (ended) break;
      if (this.#tokens[this.#at]?.text === ';;') this.#at++;
    }
    return { kind: 'case', line, subject, branches };
  }

  /** The condition, which runs, and all branches, of which one may run. */
  #condition(word: string, depth: number): Node[] {
    const { line } = this.#take();
    const start = this.#at;
    const first = this.nodes(['then', 'do'], depth + 1);
    const condition = `${word} ${this.#tokens
      .slice(start, this.#at)
      .map(({ text }) => text)
      .join(' ')}`
      .replace(/\s+/g, ' ')
      .replace(/[ ;]+$/, '');
    this.#at++;
    const until = word === 'if' ? ['fi'] : ['done'];
    const body = [...first, ...this.nodes(until, depth + 1)];
    this.#at++;
    return [{ kind: 'maybe', line, condition, body }];
  }

  #command(): Node {
    const words: Token[] = [];
    const line = this.#tokens[this.#at]?.line ?? 0;
    let target: string | undefined;
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (!token || token.kind === 'end' || /^(;|;;|&|&&|\||\|\||\(|\))$/.test(token.text)) break;
      this.#at++;
      if (token.kind === 'word') words.push(token);
      else if (/^\d*(<<|[<>]&)/.test(token.text)) {
        const end = this.#take().text;
        if (token.text.includes('<<')) this.ends.add(end.replace(/['"\\]/g, ''));
      } else target = this.#take().text;
    }
    if (words.length === 0) this.#at++;
    return { kind: 'command', line, words, target };
  }

  #take(): Token {
    return this.#tokens[this.#at++] ?? { kind: 'end', text: '', line: 0 };
  }

  #skipEnds(): void {
    while (['\n', ';'].includes(this.#tokens[this.#at]?.text ?? '')) this.#at++;
  }

  #skipTo(word: string): void {
    while (this.#at < this.#tokens.length && this.#take().text !== word);
  }
}

/** Whether a command asks something, so that what follows && may not run. */
function isTest(node: Node | undefined): boolean {
  return node?.kind === 'command' && /^(\[|\[\[|test|grep|egrep|which|command|!)$/.test(node.words[0]?.text ?? '');
}

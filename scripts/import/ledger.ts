import type { Statement } from './statement.ts';
import { Wrong } from './wrong.ts';

/** A statement of a configuration, or a part of it, that the lab lacks. */
export interface Left {
  file: string;
  line: number;
  statement: string;
  /** What it stands in, from the inside out; empty at the top. */
  of: string;
  why: string;
  /** How many statements that stand in it are left with it. They are in the list too. */
  within: number;
}

/** What people should know of a statement that the lab has. */
export interface Note {
  file: string;
  line: number;
  statement: string;
  what: string;
}

const unread = 'import does not read it';

/**
 * Every statement of a configuration, and what became of it. One that the lab does not have is left, whether somebody has said
 * why or not: so none is lost in silence.
 */
export class Ledger {
  readonly #statements: Statement[] = [];
  #kept = new Set<Statement>();
  #why = new Map<Statement, Set<string>>();
  readonly #expected = new Map<Statement, string>();
  #notes: Note[] = [];

  /** Enters a statement, which is left until it is kept. */
  add<T extends Statement>(statement: T): T {
    this.#statements.push(statement);
    return statement;
  }

  /** The lab has what these statements say. Undefined stands for a default, which no statement says. */
  keep(...statements: readonly (Statement | undefined)[]): void {
    for (const statement of statements) if (statement) this.#kept.add(statement);
  }

  /** Says why the lab lacks a statement, or a part of one that is kept. */
  leave(statement: Statement | undefined, why: string): void {
    if (!statement) return;
    const known = this.#why.get(statement) ?? new Set();
    this.#why.set(statement, known.add(why));
  }

  /** Why the lab will lack a statement if nobody keeps it or says anything else. */
  expect(statement: Statement, why: string): void {
    this.#expected.set(statement, why);
  }

  /** Says what people should know of a statement. */
  note({ file, line, text }: Statement, what: string): void {
    const note = { file, line, statement: text, what };
    if (
      !this.#notes.some((one) => one.file === file && one.line === line && one.statement === text && one.what === what)
    )
      this.#notes.push(note);
  }

  notes(): Note[] {
    return [...this.#notes];
  }

  /** Does something that may fail; if it does, nothing that it entered counts. */
  attempt<T>(work: () => T | Wrong): T | Wrong {
    const kept = new Set(this.#kept);
    const why = new Map([...this.#why].map(([statement, reasons]) => [statement, new Set(reasons)]));
    const notes = [...this.#notes];
    const result = work();
    if (result instanceof Wrong) [this.#kept, this.#why, this.#notes] = [kept, why, notes];
    return result;
  }

  isKept(statement: Statement): boolean {
    return this.#kept.has(statement);
  }

  /** What is left, in the order of the configuration. */
  left(): Left[] {
    const inside = new Map<Statement, number>();
    for (const statement of this.#statements) {
      const owner = this.#leftWith(statement);
      if (owner) inside.set(owner, (inside.get(owner) ?? 0) + 1);
    }
    return this.#statements.flatMap((statement) =>
      this.#reasons(statement).map((why, at) => ({
        file: statement.file,
        line: statement.line,
        statement: statement.text,
        of: statement.of,
        why,
        within: at === 0 && !this.#kept.has(statement) ? (inside.get(statement) ?? 0) : 0,
      })),
    );
  }

  #reasons(statement: Statement): string[] {
    const said = [...(this.#why.get(statement) ?? [])];
    if (this.#kept.has(statement)) {
      const { unread: words } = statement;
      return [...said, ...(words.length > 0 ? [`the words ${words.join(' ')} mean nothing here`] : [])];
    }
    if (said.length > 0) return said;
    const owner = this.#leftWith(statement);
    return [owner ? leftWith(owner) : (this.#expected.get(statement) ?? unread)];
  }

  /** The outermost statement around this one that is left, if nobody has said anything about this one. */
  #leftWith(statement: Statement): Statement | undefined {
    if (this.#kept.has(statement) || this.#why.has(statement)) return undefined;
    let found: Statement | undefined;
    for (let at = statement.parent; at; at = at.parent) if (!this.#kept.has(at)) found = at;
    return found;
  }
}

const withOwner = 'it stands in ';

function leftWith({ text, line }: Statement): string {
  return `${withOwner}${text} of line ${line}, which is left`;
}

/** Whether something is left only because what it stands in is. */
export function isLeftWithOwner({ why }: Left): boolean {
  return why.startsWith(withOwner);
}

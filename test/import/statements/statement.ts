import type { LabView } from './lab-view.ts';

/** A statement of a configuration, as the comparison reads it by itself. */
export interface Statement {
  /** The lines that make it: where it is used, and where the definitions stand that it comes from. */
  lines: number[];
  words: string[];
  inside: Statement[];
  /** It has a block, even if nothing is in it. */
  opens: boolean;
  parent?: Statement | undefined;
  /** It is a command, whose options are listed one by one. */
  command?: boolean;
}

/** What the lab must have, and which statement says it; no statement says a default. */
export interface Wish {
  by?: Statement | undefined;
  /** What says that its service is there: if that is listed, so is this. */
  target?: Statement;
  /** The real server that it is about, in the same sense. */
  server?: Statement;
  what: string;
  want: unknown;
  /** What the lab has there; undefined for nothing. */
  has(lab: LabView): unknown;
  /** The kind of line of the lab file that says it. */
  leaf?: string;
}

/** What a comparison expects of a configuration. */
export interface Expected {
  statements: Statement[];
  wishes: Wish[];
  /** Statements that hold others, or that only the unfolding of the text uses. */
  structure: Set<Statement>;
}

export function textOf({ words }: Statement): string {
  return words.join(' ');
}

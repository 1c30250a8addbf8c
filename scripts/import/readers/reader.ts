import type { Imported } from '../imported.ts';
import type { Ledger } from '../ledger.ts';
import type { Source } from '../statement.ts';

/** Files that a configuration includes, or why there are none. */
export type Included = (pattern: string, from: Source) => readonly Source[] | string;

export interface ReaderOptions {
  /** keepalived's --config-id: which of several configurations in one file. */
  configId?: string | undefined;
  included: Included;
}

/** Reads one kind of configuration. */
export interface Reader {
  /** In messages: `keepalived.conf`. */
  name: string;
  /** What a text of this kind has. */
  sign: RegExp;
  /** What helps when a line makes no sense. */
  help: string;
  /**
   * Turns the text into statements, enters each into the ledger, and reads those that it knows.
   * @throws SourceError for a text that falls apart
   */
  read(sources: readonly Source[], ledger: Ledger, options: ReaderOptions): Imported;
}

import type { Complaint } from '../experiment/complaints.ts';
import type { Deed, Expectation } from '../experiment/experiment.ts';
import type { KindName, Row } from '../experiment/kinds.ts';
import type { NodeKernel, Trial } from '../experiment/trial.ts';

/** What steps are done on: the machines of a lab, or a stand-in. */
export interface Bench {
  /** The kernel of each machine. */
  kernels: readonly NodeKernel[];
  /** Begins to watch what must be seen of a step, before it is done. */
  watch(kinds: ReadonlySet<KindName>): Promise<Watch>;
  /**
   * Does what a step says; `wait` does nothing.
   * @param mayFail whether its command may fail, because something is expected of its end
   * @throws LabError when it cannot be done
   */
  perform(deed: Deed, mayFail: boolean): Promise<Done>;
  /** How long it makes sense to wait. @returns what says, at any rate, why not any more */
  patience(seconds: number): () => Promise<string | undefined>;
  /** What the kernels have complained about since the beginning. Machines that are gone are passed over. */
  complaints(): Promise<Complaint[]>;
  /** The last lines on the consoles since the beginning. */
  consoles(): Promise<Trial['consoles']>;
  /** Undoes what steps have changed. */
  undo(): Promise<void>;
}

/** What the step itself showed. */
export interface Done {
  answers?: Row[];
  command?: Row;
}

export interface Watch {
  /** Waits until all that happened in the step is known. */
  settle(): Promise<void>;
  /** What there is now. */
  rows(expectation: Expectation): Promise<Row[]>;
  end(): Promise<void>;
}

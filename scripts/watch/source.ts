import type { Words } from '../exercise/languages.ts';
import type { Broken } from '../host/broken.ts';
import type { KeptPath, LabReport } from '../page/lab-report.ts';
import type { Plan } from '../plan/plan.ts';
import type { Wish } from './wish.ts';

/** What a director printed, or why it could not be asked. */
export type DirectorLook = { node: string; text: string } | { node: string; error: string };

/** What commands have kept of the lab. */
export interface Kept {
  report: LabReport | undefined;
  path: KeptPath | undefined;
  broken: Broken | undefined;
}

/** Where a live page gets its states from, and who does what its buttons say: a running lab, or a script of a test. */
export interface Source {
  /** The plan as it is now: a lab may be started anew while it is watched. */
  plan(): Promise<Plan>;
  /** Looks at each director, in one round: what `lookText` of look.ts prints. */
  look(): Promise<DirectorLook[]>;
  kept(): Promise<Kept>;
  /**
   * @returns what was done, in a sentence
   * @param over ends it early
   */
  perform(wish: Wish, over: AbortSignal): Promise<Words>;
  close(): void;
}

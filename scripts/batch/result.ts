/** What is kept of a job that has ended. */
export interface JobResult {
  /** Exit code of its command. */
  code: number;
  /** How often its command ran: once, and once more for each time the lab broke. */
  tries: number;
  /** Of the last try. */
  seconds: number;
  /** Name of the computer that did it. */
  host: string;
  /** What the command printed with --json; null where that was no document. */
  document: object | null;
  /** The last lines of what it said beside that; null for nothing. */
  tail: string | null;
}

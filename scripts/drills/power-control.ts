/** Switches machines off and on from outside, like a power plug. */
export interface PowerControl {
  /** Ends a machine at once, without warning. Its disk keeps what was written. */
  cut(node: string): Promise<void>;
  /** Starts the machine and runs its scripts, as `lab up` does. */
  restore(node: string): Promise<void>;
}

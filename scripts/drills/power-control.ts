/** What a drill does to machines from outside, as if somebody pulled the plug. */
export interface PowerControl {
  /** Ends a machine at once, without a word to it; what is on its disk stays. */
  cut(node: string): Promise<void>;
  /** Starts it again and sets it up, as `lab up` would. */
  restore(node: string): Promise<void>;
}

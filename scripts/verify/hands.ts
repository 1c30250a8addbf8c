/** What a drill does to machines themselves, from outside: as if somebody pulled the plug. */
export interface Hands {
  /** Ends a machine at once, without a word to it; what is on its disk stays. */
  kill(node: string): Promise<void>;
  /** Starts it again and sets it up, as `lab up` would. */
  start(node: string): Promise<void>;
}

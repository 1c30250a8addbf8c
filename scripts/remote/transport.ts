/** How a command has ended. Without code and signal, the connection was lost. */
export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A connection that runs commands, whatever speaks SSH underneath. */
export interface Transport {
  /** What was seen when the connection was lost, if anything was. */
  readonly broken?: Error | undefined;
  execute(command: string, options: { input?: string | Buffer; onOutput?: (text: string) => void }): Promise<Ended>;
  close(): void;
}

/** The parts of a run, in their order. */
export type Stage =
  | 'setup'
  | 'kernel'
  | 'build'
  | 'image'
  | 'template'
  | 'machines'
  | 'provision'
  | 'verify'
  | 'diagnose'
  | 'break'
  | 'checkpoint'
  | 'try'
  | 'batch'
  | 'compare';

/** What happens while a command runs. Sinks show it as a moving display, plain lines or JSON lines. */
export type LabEvent =
  | { type: 'stage-start'; stage: Stage; text: string }
  | { type: 'stage-done'; stage: Stage; text: string; seconds: number }
  /** Progress within a stage; only the latest is worth showing. */
  | { type: 'progress'; stage: Stage; text: string }
  | { type: 'node'; node: string; state: 'starting' | 'running' | 'kept' | 'connected'; seconds?: number }
  | { type: 'step'; node: string; step: string; code: number; seconds: number }
  /** Something to know that is not a problem. */
  | { type: 'note'; text: string }
  | { type: 'warning'; text: string };

export type Emit = (event: LabEvent) => void;

/** Runs a stage between its start and its done event. `done` makes the text of the latter from the result. */
export async function stage<T>(
  emit: Emit,
  name: Stage,
  text: string,
  work: () => Promise<T>,
  done: (result: T) => string = () => text,
): Promise<{ result: T; seconds: number }> {
  emit({ type: 'stage-start', stage: name, text });
  const start = performance.now();
  const result = await work();
  const seconds = secondsSince(start);
  emit({ type: 'stage-done', stage: name, text: done(result), seconds });
  return { result, seconds };
}

/** Seconds since a performance.now(), to the millisecond. */
export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}

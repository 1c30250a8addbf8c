import { ExitCode } from '../errors.ts';
import { interruptWaits } from '../host/interrupt.ts';
import { patient } from '../host/patience.ts';
import { asTyped } from '../report/as-typed.ts';
import { say } from '../report/output.ts';

/** Milliseconds that a drill has to put back what it has changed. */
const stoppingDeadline = 60_000;

let stopping = false;

/** Whether a person has pressed Ctrl-C, and the command is on its way out. */
export function isStopping(): boolean {
  return stopping;
}

/** The first SIGINT or SIGTERM ends waits on nodes, so that drills put back what they have changed; the second leaves at once. */
export function handleSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted);
}

function interrupted(): void {
  if (stopping || !interruptWaits()) leave();
  stopping = true;
  say('\ninterrupted: putting back what a drill may have changed; Ctrl-C again leaves at once');
  setTimeout(leave, patient(stoppingDeadline));
}

/** Ends this command. Machines run on: state is on disk, and the next command puts right what was left half done. */
export function leave(): never {
  say(
    asTyped('\ninterrupted. What runs goes on running: the same command again goes on from there, lab down ends it.'),
  );
  process.exit(ExitCode.interrupted);
}

import { ExitCode } from '../errors.ts';
import { endWork, interruptWaits, mayLeaveMachines } from '../host/interrupt.ts';
import { patient } from '../host/patience.ts';
import { asTyped } from '../report/as-typed.ts';
import { say } from '../report/output.ts';

/** Milliseconds that a drill has to undo its changes. */
const stoppingDeadline = 60_000;

let stopping = false;

/** Whether this command was interrupted and is about to end. */
export function isStopping(): boolean {
  return stopping;
}

/**
 * The first SIGINT or SIGTERM ends all waits on nodes, so that drills undo their changes, or work that has no other end. The second one
 * ends the command at once.
 */
export function handleSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted);
}

function interrupted(): void {
  if (endWork()) return;
  if (stopping || !interruptWaits()) leave();
  stopping = true;
  const undone = mayLeaveMachines() ? 'what was changed for a while is put back' : 'the machines are stopped';
  say(`\ninterrupted: ${undone}; press Ctrl-C again to stop at once`);
  setTimeout(leave, patient(stoppingDeadline));
}

/** Ends this command. Machines keep running, and the next command repairs what was left half done. */
export function leave(): never {
  say(
    asTyped(
      mayLeaveMachines()
        ? '\ninterrupted. Machines keep running: the same command continues from here, lab down stops them.'
        : '\ninterrupted. lab status shows whether machines keep running.',
    ),
  );
  process.exit(ExitCode.interrupted);
}

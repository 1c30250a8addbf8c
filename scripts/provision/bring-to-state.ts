import { createHash } from 'node:crypto';
import type { PlannedNode } from '../plan/plan.ts';
import type { Templates } from '../render/render.ts';
import { longestValue } from '../state/longest.ts';
import type { StateEntry } from '../state/state.ts';
import { type ToldDifference, tell } from '../state/tell.ts';
import { comparable } from '../state/unread.ts';
import { type ProvisionedLab, remoteTo } from './lab-states.ts';
import { readNodeState } from './node-states.ts';

/** What is done with a node. */
export interface Hands {
  /** Runs a script as root, to its end. */
  run(script: string): Promise<unknown>;
  /** The state that the node has now. */
  read(): Promise<readonly StateEntry[]>;
}

/** Several rounds, because one command may need another one first: a device must exist before it has settings. */
const mostRounds = 4;

/** Seconds for a command. A unit that cannot start may take longer until systemd gives it up. */
const commandSeconds = 40;

/**
 * Brings a node to a state, by the commands that undo the differences between that state and its own. A command that fails stops
 * nothing: what counts is the state that is read afterwards.
 * @returns what still differs, `before` being the state that was wished for
 */
export async function bringToState(
  node: string,
  wished: readonly StateEntry[],
  now: readonly StateEntry[],
  hands: Hands,
): Promise<ToldDifference[]> {
  let left = leftOf(node, wished, now);
  let last = '';
  for (let round = 0; round < mostRounds; round++) {
    const script = scriptOf(left);
    // The same commands again change no more than they have changed.
    if (script === '' || script === last) break;
    last = script;
    await hands.run(script);
    left = leftOf(node, wished, await hands.read());
  }
  return left;
}

function leftOf(node: string, wished: readonly StateEntry[], now: readonly StateEntry[]): ToldDifference[] {
  const { before, after } = comparable(node, wished, now);
  return tell(node, before, after, longestValue);
}

function scriptOf(left: readonly ToldDifference[]): string {
  const commands = [...new Set(left.flatMap(({ undo }) => undo ?? []))];
  return commands.map(limited).join('');
}

/**
 * A command with a limit of time. It is no argument of a program, which may have 128 KiB at most (MAX_ARG_STRLEN), but a here-document;
 * the line that ends this has a hash of the command, so that the command cannot have it. It has no input: it would read what comes
 * after it.
 */
function limited(command: string): string {
  const end = `lab-${createHash('sha256').update(command).digest('hex').slice(0, 20)}`;
  return `timeout ${commandSeconds} sh > /dev/null 2>&1 << '${end}'\n{ ${command}\n} < /dev/null\n${end}\n`;
}

/** For all commands together: each has its own limit. */
const deadlineMs = 600_000;

/** The hands for a node of a lab that runs. */
export function handsOn(
  lab: ProvisionedLab,
  templates: Templates,
  node: PlannedNode,
  wished: readonly StateEntry[],
): Hands {
  const remote = remoteTo(lab, node.name);
  return {
    run: (input) => remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step: 'the submitted state' }),
    read: () => readNodeState(lab, templates, node, wished),
  };
}

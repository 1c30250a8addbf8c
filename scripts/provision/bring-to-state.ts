import type { PlannedNode } from '../plan/plan.ts';
import type { Templates } from '../render/render.ts';
import { shellQuote } from '../render/shell-quote.ts';
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
  return tell(node, before, after);
}

function scriptOf(left: readonly ToldDifference[]): string {
  const commands = [...new Set(left.flatMap(({ undo }) => undo ?? []))];
  return commands
    .map((command) => `timeout ${commandSeconds} sh -c ${shellQuote(command)} < /dev/null > /dev/null 2>&1\n`)
    .join('');
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

import type { PlannedNode } from '../plan/plan.ts';
import type { Templates } from '../render/render.ts';
import { shellQuote } from '../render/shell-quote.ts';
import type { StateEntry } from '../state/state.ts';
import { type ToldDifference, tell } from '../state/tell.ts';
import { comparable } from '../state/unread.ts';
import { type ProvisionedLab, remoteTo } from './lab-states.ts';
import { readNodeState } from './node-states.ts';

/** What one command makes possible another one does: a device has settings when it is there. */
const mostRounds = 4;

/** Seconds for a command. A unit that cannot start may take longer until systemd gives it up. */
const commandSeconds = 40;

const deadlineMs = 300_000;

/**
 * Brings a node to a state, by the commands that undo the differences between that state and its own. A command that fails stops
 * nothing: what counts is the state that is read afterwards.
 * @param now its own state
 * @returns what still differs, `before` being the state that was wished for
 */
export async function bringToState(
  lab: ProvisionedLab,
  templates: Templates,
  node: PlannedNode,
  wished: readonly StateEntry[],
  now: readonly StateEntry[],
): Promise<ToldDifference[]> {
  let left = leftOf(node.name, wished, now);
  let last = '';
  for (let round = 0; round < mostRounds; round++) {
    const commands = [...new Set(left.flatMap(({ undo }) => undo ?? []))];
    const script = commands.map((command) => `timeout ${commandSeconds} sh -c ${shellQuote(command)} < /dev/null`);
    const input = `exec > /dev/null 2>&1\n${script.join('\n')}\ntrue\n`;
    // The same commands again change no more than they have changed.
    if (commands.length === 0 || input === last) break;
    last = input;
    const remote = remoteTo(lab, node.name);
    await remote.exec(remote.asRoot('sh -s'), { input, deadlineMs, step: 'the submitted state' });
    left = leftOf(node.name, wished, await readNodeState(lab, templates, node, wished));
  }
  return left;
}

function leftOf(node: string, wished: readonly StateEntry[], now: readonly StateEntry[]): ToldDifference[] {
  const { before, after } = comparable(node, wished, now);
  return tell(node, before, after);
}

import { nicOn, type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { heldState } from '../shared/held-connections.ts';
import type { NodeRunner } from '../shared/node-runner.ts';
import type { Directors } from './directors.ts';
import { type HeldLook, type Move, parseHeld } from './seen.ts';

/** Where the client notes each gratuitous ARP. */
const announcements = '/run/lvs-lab-announced';

/** What the client sees of a VIP that moves. */
export interface WatchingClient {
  /** Looks at the connections that it holds, before the next move. */
  look(): Promise<void>;
  /** Makes the VIP move, and waits until each held connection was asked again. */
  move(to: string, act: () => Promise<unknown>): Promise<Move>;
  /** Ends noting announcements. */
  end(): Promise<unknown>;
}

/**
 * Begins to note each gratuitous ARP.
 * @param seconds after which that ends by itself, whatever becomes of the command that began it
 */
export async function watchFromClient(
  { run, script }: NodeRunner,
  plan: Plan,
  { vip }: PlannedService,
  { awaitVip }: Directors,
  seconds: number,
): Promise<WatchingClient> {
  const client = theNode(plan, 'client');
  const { mac } = nicOn(client, 'front');
  await script(client.name, 'drills/failover/announced', { mac, file: announcements, seconds });
  const lookNow = async () => {
    const context = { mac, state: heldState, announced: announcements, vip, seconds: 180 };
    return parseHeld(await script(client.name, 'drills/failover/ask-held', context));
  };
  let last: HeldLook;
  return {
    look: async () => {
      last = await lookNow();
    },
    move: async (to, act) => {
      const before = last;
      await act();
      const moved = await awaitVip(to);
      last = await lookNow();
      const { at: until, held, neighbour, announced } = last;
      const meanwhile = announced.slice(before.announced.length);
      return { to, moved, from: before.at, until, held, neighbour, announced: meanwhile };
    },
    end: () => run(client.name, 'sh -s', `kill "$(cat ${announcements}.pid)"\n`),
  };
}

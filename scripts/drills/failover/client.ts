import { nicOn, type Plan, type PlannedService, theNode } from '../../plan/plan.ts';
import { heldState } from '../shared/held-connections.ts';
import type { NodeRunner } from '../shared/node-runner.ts';
import type { Directors } from './directors.ts';
import { type ClientLook, type Move, parseLook } from './seen.ts';

/** The client's file with each gratuitous ARP. */
const announcements = '/run/lvs-lab-announced';

/** Watches the VIP move, from the client. */
export interface Watch {
  /** Starts to record gratuitous ARP. */
  start(): Promise<unknown>;
  /** Looks at the connections before the first move. */
  look(): Promise<void>;
  /** Makes the VIP move, and waits until each open connection was used again. */
  move(to: string, act: () => Promise<unknown>): Promise<Move>;
  end(): Promise<unknown>;
}

/** @param seconds after which the recording ends by itself, in case this command is killed */
export function watchFromClient(
  { run, script }: NodeRunner,
  plan: Plan,
  { vip }: PlannedService,
  { awaitVip }: Directors,
  seconds: number,
): Watch {
  const client = theNode(plan, 'client');
  const { mac } = nicOn(client, 'front');
  const lookNow = async () => {
    const context = { mac, state: heldState, announced: announcements, vip, seconds: 180 };
    return parseLook(await script(client.name, 'drills/failover/ask-held', context));
  };
  let last: ClientLook;
  return {
    start: () => script(client.name, 'drills/failover/announced', { mac, file: announcements, seconds }),
    look: async () => {
      last = await lookNow();
    },
    move: async (to, act) => {
      const before = last;
      await act();
      const moved = await awaitVip(to);
      last = await lookNow();
      const { at: until, answering, neighbour, announced } = last;
      const meanwhile = announced.slice(before.announced.length);
      return { to, moved, from: before.at, until, answering, neighbour, announced: meanwhile };
    },
    end: () => run(client.name, 'sh -s', `kill "$(cat ${announcements}.pid)"\nrm -f ${announcements}.pid\n`),
  };
}

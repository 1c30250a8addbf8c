import type { PlannedService } from '../../plan/plan.ts';
import type { NodeRunner } from './node-runner.ts';

/** The file on the client that says how many connections answered in the last round. */
export const heldState = '/run/lvs-lab-hold';

/** Seconds after which a silent connection counts as broken. */
const patience = 30;

export interface HeldConnections {
  /** The client's port of the first; each of the others has the next one. */
  firstPort: number;
  /** Closes those that are left. */
  letGo(): Promise<void>;
}

/**
 * Opens connections of the line echo and keeps them, a line on each again and again, until they are let go.
 * @param seconds after which they end by themselves, whatever becomes of the command that opened them
 */
export function holdConnections(
  { run, script }: NodeRunner,
  client: string,
  { vip, endpoints }: PlannedService,
  { firstPort, count, seconds }: { firstPort: number; count: number; seconds: number },
): HeldConnections {
  const context = {
    state: heldState,
    address: vip,
    port: endpoints[0]?.port ?? 7,
    firstPort,
    count,
    seconds,
    patience,
  };
  const holding = script(client, 'drills/shared/held-connections', context);
  holding.catch(() => {}); // awaited when they are let go
  return {
    firstPort,
    letGo: async () => {
      await run(client, `touch ${heldState}.stop`);
      await holding;
    },
  };
}

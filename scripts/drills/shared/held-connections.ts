import { portOf } from '../../ipvs/rules.ts';
import type { PlannedService } from '../../plan/plan.ts';
import type { NodeRunner } from './node-runner.ts';

/** The file on the client with the number of the last round, and the number of connections that answered in it. */
export const heldState = '/run/lvs-lab-hold';

/** Seconds after which a silent connection counts as broken. */
const patience = 30;

export interface HeldConnections {
  /** The client's port of the first connection; each of the others has the next port. */
  firstPort: number;
  /** Closes the connections that are still open. */
  close(): Promise<void>;
}

/**
 * Opens connections to the line echo and keeps them open. A line goes over each of them again and again.
 * @param seconds after which they close by themselves, in case this command is killed
 */
export function holdConnections(
  { run, script }: NodeRunner,
  client: string,
  service: PlannedService,
  { firstPort, count, seconds }: { firstPort: number; count: number; seconds: number },
): HeldConnections {
  const to = { address: service.vip, port: portOf(service) };
  const context = { state: heldState, ...to, firstPort, count, seconds, patience };
  const holding = script(client, 'drills/shared/held-connections', context);
  holding.catch(() => {}); // awaited by close()
  return {
    firstPort,
    close: async () => {
      await run(client, `touch ${heldState}.stop`);
      await holding;
    },
  };
}

import type { PlannedService } from '../../plan/plan.ts';
import { type LoadRequest, parseLoad } from './load-requests.ts';
import type { NodeRunner } from './node-runner.ts';

/** A client that asks twenty times a second until it is stopped. */
export interface ClientLoad {
  /** The client's uptime in seconds; returns once so many more requests were made. */
  mark(count: number): Promise<number>;
  /** All its requests. */
  stop(): Promise<LoadRequest[]>;
}

/** Seconds after which a client stops by itself, whatever becomes of the command that started it. */
export const longestLoad = 900;

/** @param timeouts milliseconds for the connection, and for the whole answer */
export function startLoad(
  { run, script }: NodeRunner,
  client: string,
  { vip, endpoints, page }: PlannedService,
  timeouts: { connectMs: number; answerMs: number },
): ClientLoad {
  const loading = script(client, 'drills/shared/client-load', {
    address: vip,
    port: endpoints[0]?.port ?? 80,
    page,
    seconds: longestLoad,
    connectTimeout: timeouts.connectMs / 1000,
    answerTimeout: timeouts.answerMs / 1000,
  });
  loading.catch(() => {}); // awaited when it is stopped
  return {
    mark: async (count) => Number(await script(client, 'drills/shared/await-requests', { count })),
    stop: async () => {
      await run(client, 'touch /run/lvs-lab-load.stop');
      return parseLoad(await loading);
    },
  };
}

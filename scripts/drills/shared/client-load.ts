import { portOf } from '../../ipvs/rules.ts';
import type { PlannedService } from '../../plan/plan.ts';
import { type LoadRequest, parseLoad } from './load-requests.ts';
import type { NodeRunner } from './node-runner.ts';

/** A client that sends twenty requests a second until it is stopped. */
export interface ClientLoad {
  /** Notes the client's uptime in seconds, and returns it once `count` more requests are done. */
  mark(count: number): Promise<number>;
  /** Ends the load and returns all its requests. */
  stop(): Promise<LoadRequest[]>;
}

/** Seconds after which the client stops by itself, in case this command is killed. */
export const longestLoad = 900;

/** @param timeouts milliseconds for the connection, and for the whole answer */
export function startLoad(
  { run, script }: NodeRunner,
  client: string,
  service: PlannedService,
  timeouts: { connectMs: number; answerMs: number },
): ClientLoad {
  const loading = script(client, 'drills/shared/client-load', {
    address: service.vip,
    port: portOf(service),
    page: service.page,
    seconds: longestLoad,
    connectTimeout: timeouts.connectMs / 1000,
    answerTimeout: timeouts.answerMs / 1000,
  });
  loading.catch(() => {}); // awaited by stop()
  return {
    mark: async (count) => Number(await script(client, 'drills/shared/await-requests', { count })),
    stop: async () => {
      await run(client, 'touch /run/lvs-lab-load.stop');
      return parseLoad(await loading);
    },
  };
}

import { joinAddress } from '../../model/addresses.ts';
import { healthOf, nicOn, type Plan, theNode } from '../../plan/plan.ts';
import { sorryServerOf } from '../../plan/sorry-server.ts';
import { secondsSince } from '../../report/events.ts';
import { daemonsOf, drillable } from '../shared/drilled-service.ts';
import { mostSlack } from '../shared/load-requests.ts';
import type { NodeRunner } from '../shared/node-runner.ts';
import { drilledService } from './drilled.ts';
import { backBound } from './seen.ts';

/** The daemons of the service on its real servers, and what becomes of the director's table when they stop and start. */
export interface ServerDaemons {
  /** Names of the real servers. */
  servers: string[];
  stop(servers: readonly string[]): Promise<void>;
  start(servers: readonly string[]): Promise<void>;
  /** Waits until none of these is in the table, or all of them are again. Returns the seconds; undefined when it takes too long. */
  await(servers: readonly string[], state: 'out' | 'back'): Promise<number | undefined>;
  awaitSorryServer(): Promise<void>;
}

export function serverDaemons({ run, script }: NodeRunner, plan: Plan): ServerDaemons {
  const service = drilledService(plan);
  const director = theNode(plan, 'director');
  const destinations = drillable(plan, service);
  const units = daemonsOf(service)
    .map(({ unit }) => unit)
    .join(' ');
  const systemctl = async (verb: 'start' | 'stop', servers: readonly string[]) => {
    await Promise.all(servers.map((server) => run(server, `systemctl ${verb} ${units}`)));
  };
  const awaitAddresses = (addresses: readonly string[], out: boolean) => {
    const context = { servers: addresses, out, seconds: backBound(healthOf(plan), mostSlack) };
    return script(director.name, 'drills/shared/await-servers', context);
  };
  return {
    servers: destinations.map(({ server }) => server),
    stop: (servers) => systemctl('stop', servers),
    start: (servers) => systemctl('start', servers),
    await: async (servers, state) => {
      const start = performance.now();
      const awaited = destinations.filter(({ server }) => servers.includes(server));
      const addresses = awaited.map(({ address, port }) => joinAddress(address, port));
      const output = await awaitAddresses(addresses, state === 'out');
      return output.trim() === 'done' ? secondsSince(start) : undefined;
    },
    awaitSorryServer: async () => {
      await awaitAddresses([sorryServerOf(nicOn(director, 'front').address, service)], false);
    },
  };
}

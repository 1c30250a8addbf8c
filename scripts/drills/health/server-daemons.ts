import { joinAddress } from '../../model/addresses.ts';
import { sorryServerOf } from '../../plan/health.ts';
import { nicOn, type Plan, theNode } from '../../plan/plan.ts';
import { secondsSince } from '../../report/events.ts';
import { daemonsOf, drillable, firstService } from '../shared/drilled-service.ts';
import { mostSlack } from '../shared/load-requests.ts';
import type { NodeRunner } from '../shared/node-runner.ts';
import { backBoundOf } from './seen.ts';

/** The web servers of the real servers that the drill may stop, and what the director's table says of them. */
export interface ServerDaemons {
  servers: string[];
  /** All of them, unless some are named. */
  stop(names?: readonly string[]): Promise<void>;
  start(names?: readonly string[]): Promise<void>;
  /** Seconds until the table has no more of these, or has them all again; undefined: not in time. */
  await(names: readonly string[], state: 'out' | 'back'): Promise<number | undefined>;
  awaitSorryServer(): Promise<void>;
}

export function serverDaemons({ run, script }: NodeRunner, plan: Plan): ServerDaemons {
  const service = firstService(plan);
  const director = theNode(plan, 'director');
  const destinations = drillable(plan, service);
  const servers = destinations.map(({ server }) => server);
  const units = daemonsOf(service)
    .map(({ unit }) => unit)
    .join(' ');
  const awaitAddresses = (addresses: readonly string[], out: boolean) => {
    const context = { servers: addresses, out, seconds: backBoundOf(plan, mostSlack) };
    return script(director.name, 'drills/health/await-servers', context);
  };
  const systemctl = async (verb: 'start' | 'stop', names: readonly string[] = servers) => {
    await Promise.all(names.map((name) => run(name, `systemctl ${verb} ${units}`)));
  };
  return {
    servers,
    stop: (names) => systemctl('stop', names),
    start: (names) => systemctl('start', names),
    await: async (names, state) => {
      const start = performance.now();
      const own = destinations.filter(({ server }) => names.includes(server));
      const addresses = own.map(({ address, port }) => joinAddress(address, port));
      const said = await awaitAddresses(addresses, state === 'out');
      return said.trim() === 'done' ? secondsSince(start) : undefined;
    },
    awaitSorryServer: async () => {
      await awaitAddresses([sorryServerOf(nicOn(director, 'front').address, service)], false);
    },
  };
}

import { type Clock, elapsedOf, type Growing, instructionsOf, parseClock } from '../comparison/growth.ts';
import { ScriptError } from '../errors.ts';
import { nodesOf, type PlannedService, theNode } from '../plan/plan.ts';
import type { Tracking } from './tracking.ts';

const readClock = 'cat /proc/timer_list';

/** So many that what an SSH session costs by chance is no part of a request that can be seen. */
const requests = 100;

/** On the real servers these ports lead to the web server. */
const firstPort = 20_000;

/** Makes the real servers answer on many ports. */
export async function prepareServers({ plan, run }: Tracking): Promise<void> {
  for (const { name: node } of nodesOf(plan, 'real-server')) await run(node, 'tracking/growth-server', { node });
}

/**
 * Sets the director to one size of its work, and measures what a request costs it in instructions. A rest of the same length follows,
 * which is taken off.
 * @throws ScriptError where the kernel does not tell how long it was idle, or a request has no answer
 */
export async function measureGrowth(
  tracking: Tracking,
  service: PlannedService,
  { way, all }: Growing,
): Promise<number> {
  const { plan, run } = tracking;
  const director = theNode(plan, 'director').name;
  const client = theNode(plan, 'client').name;
  const addresses = service.destinations.map(({ address }) => address);
  const destinations = Array.from({ length: all.servers }, (_, index) => {
    return `${addresses[index % addresses.length]}:${firstPort + index}`;
  }).join(' ');
  await run(director, 'tracking/growth-director', {
    node: director,
    way,
    vip: service.vip,
    destinations,
    scheduler: 'rr',
    ipvs: way === 'ipvs',
    nft: way !== 'ipvs',
    map: way === 'map',
    ...all,
  });
  const ask = (count: number) =>
    run(client, 'tracking/growth-requests', { node: client, vip: service.vip, requests: count });
  // The first request fills caches, such as that of neighbours.
  await ask(1);
  const start = await clockOf(tracking, director);
  await ask(requests);
  const work = [start, await clockOf(tracking, director)] as const;
  const restStart = await clockOf(tracking, director);
  await tracking.sh(client, `sleep ${(elapsedOf(work) / 1e9).toFixed(3)}`, 'tracking/growth-rest');
  const rest = [restStart, await clockOf(tracking, director)] as const;
  return instructionsOf({ requests, work, rest });
}

async function clockOf({ sh }: Tracking, node: string): Promise<Clock> {
  const step = 'tracking/growth-clock';
  const clock = parseClock(await sh(node, readClock, step));
  if (clock) return clock;
  throw new ScriptError('/proc/timer_list does not tell how long the CPU was idle', { node, step });
}

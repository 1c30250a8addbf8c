import { type Load, largeBytes, type Seen } from '../comparison/methods.ts';
import { type IpvsCounters, parseConnections, parseCounters, readConnections } from '../ipvs/parse.ts';
import { follow } from '../path/follow.ts';
import type { Sent } from '../path/track.ts';
import { nicOn, nodesOf, type PlannedService, theNode } from '../plan/plan.ts';
import { type Ports, portsFor, type SendOptions, sendRequest } from './request.ts';
import { startCapture } from './track.ts';
import type { Tracking } from './tracking.ts';

const sizes: Record<Load, SendOptions> = {
  page: {},
  download: { up: 1, down: largeBytes },
  upload: { up: largeBytes, down: 1 },
};

/** Sends requests of one kind, one after the other, while all networks are captured, and reads what IPVS counted. */
export async function seeRequests(
  tracking: Tracking,
  service: PlannedService,
  load: Load,
  count: number,
): Promise<Seen> {
  const { plan } = tracking;
  const ports = await portsFor(tracking, service, count);
  const { stop } = await startCapture(tracking);
  const sent: Sent[] = [];
  let seen: Omit<Seen, 'load' | 'requests' | 'failed'>;
  let sightings: Awaited<ReturnType<typeof stop>> = [];
  try {
    const before = await countersOf(tracking);
    for (let index = 0; index < count; index++) {
      sent.push(await sendRequest(tracking, service, ports, index, sizes[load]));
    }
    seen = { before, after: await countersOf(tracking), entries: await entriesOf(tracking, ports, count) };
  } finally {
    sightings = await stop();
  }
  const client = nicOn(theNode(plan, 'client'), 'front').address;
  const answered = sent.filter(({ answer }) => answer !== undefined && answer.status > 0 && answer.error === undefined);
  const requests = answered.map((one) =>
    follow(plan, service.protocol, sightings, { client, firstPort: one.firstPort, ports: one.ports }),
  );
  return { load, requests, failed: count - answered.length, ...seen };
}

async function countersOf({ plan, sh }: Tracking): Promise<IpvsCounters> {
  const sum: IpvsCounters = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
  for (const { name } of nodesOf(plan, 'director')) {
    const one = parseCounters(await sh(name, 'cat /proc/net/ip_vs_stats_percpu', 'tracking/counters'));
    for (const key of Object.keys(sum) as (keyof IpvsCounters)[]) sum[key] += one[key];
  }
  return sum;
}

/** Entries for the source ports of the requests, on all directors. */
async function entriesOf({ plan, sh }: Tracking, { first, each }: Ports, count: number): Promise<number> {
  let sum = 0;
  for (const { name } of nodesOf(plan, 'director')) {
    const entries = parseConnections(await sh(name, readConnections, 'tracking/connections'));
    sum += entries.filter(({ clientPort }) => clientPort >= first && clientPort < first + each * count).length;
  }
  return sum;
}

/** Bytes that the director's kernel takes for an entry of the connection table; null where it does not say. */
export async function entryBytesOf({ plan, sh }: Tracking): Promise<number | null> {
  const [director] = nodesOf(plan, 'director');
  if (!director) return null;
  const said = await sh(
    director.name,
    'cat /sys/kernel/slab/ip_vs_conn/object_size 2>/dev/null || :',
    'tracking/entry',
  );
  return Number(said.trim()) || null;
}

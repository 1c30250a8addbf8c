import { randomUUID } from 'node:crypto';
import { mapParallel } from '../host/parallel.ts';
import type { NetworkName } from '../model/words.ts';
import { fromGuests, type GuestCapture } from '../path/assemble.ts';
import type { Sighting } from '../path/followed.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Tracking } from './tracking.ts';

/** A capture of a request ends by itself after this time, if the command that began it was killed. */
const requestSeconds = 300;

/** Blocks of 512 bytes of a file: 8 MB. The files lie in the nodes' memory, two for each NIC. */
const blocks = 16_384;

/**
 * Captures with tcpdump on each node, for machines whose networks cannot be captured. Several commands may do so at a time.
 * @param seconds after which it ends by itself at the latest
 * @returns what ends it
 */
export async function captureInGuests(
  { plan, run }: Tracking,
  seconds = requestSeconds,
): Promise<() => Promise<Sighting[]>> {
  const id = randomUUID();
  const contextOf = ({ name, nics }: PlannedNode) => ({ node: name, nics, id, seconds, blocks });
  const stop = (node: PlannedNode) => run(node.name, 'tracking/capture-stop', contextOf(node));
  try {
    await mapParallel(plan.nodes, connectWidth, (node) => run(node.name, 'tracking/capture-start', contextOf(node)));
  } catch (error) {
    // Its error is what counts; a node that does not answer ends its capture by itself.
    await Promise.allSettled(plan.nodes.map(stop));
    throw error;
  }
  return async () => {
    const captures = await mapParallel(plan.nodes, connectWidth, async (node) =>
      capturesIn(node.name, await stop(node)),
    );
    return fromGuests(plan, captures.flat());
  };
}

/** Lines `@@capture NETWORK in` and `@@capture NETWORK out`, below each a pcap file in base64. */
export function capturesIn(node: string, text: string): GuestCapture[] {
  const files = new Map(
    [...text.matchAll(/^@@capture (\w+ \w+)\n(.*)$/gm)].map(([, name = '', base64 = '']) => [
      name,
      Buffer.from(base64, 'base64'),
    ]),
  );
  const networks = [...new Set([...files.keys()].map((name) => name.split(' ')[0] as NetworkName))];
  return networks.map((network) => {
    const [reached = Buffer.of(), sent = Buffer.of()] = [files.get(`${network} in`), files.get(`${network} out`)];
    return { node, network, reached, sent };
  });
}

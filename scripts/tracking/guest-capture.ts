import { mapParallel } from '../host/parallel.ts';
import type { NetworkName } from '../model/words.ts';
import { fromGuests, type GuestCapture } from '../path/assemble.ts';
import type { Sighting } from '../path/followed.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Tracking } from './tracking.ts';

/** Captures with tcpdump on each node, for machines whose networks cannot be captured. @returns what ends it */
export async function captureInGuests({ plan, run }: Tracking): Promise<() => Promise<Sighting[]>> {
  const contextOf = ({ name, nics }: PlannedNode) => ({ node: name, nics });
  await mapParallel(plan.nodes, connectWidth, (node) => run(node.name, 'tracking/capture-start', contextOf(node)));
  return async () => {
    const captures = await mapParallel(plan.nodes, connectWidth, async (node) => {
      return capturesIn(node.name, await run(node.name, 'tracking/capture-stop', contextOf(node)));
    });
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

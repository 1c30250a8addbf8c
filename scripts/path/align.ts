import { macText } from '../capture/bytes.ts';
import type { NetworkName } from '../model/words.ts';
import { nicOn, type Plan } from '../plan/plan.ts';
import type { Decision, Decisions } from './decisions.ts';
import type { Sighting } from './followed.ts';
import type { Handled, Trace } from './trace.ts';

const ethernetHeader = 14;

/** How many frames may be skipped to find one of the right length: a kernel may have joined frames into one packet. */
const mostPassed = 20;

/**
 * Finds the frame in which each traced packet came. The clocks of nodes and networks differ, so a frame is found by
 * its place in the order of the frames that reached the NIC, and by its length.
 */
export function decisionsOf(plan: Plan, sightings: readonly Sighting[], traces: readonly Trace[]): Decisions {
  const found = new Map<number, Decision>();
  for (const { node, handled } of traces) {
    for (const network of new Set(handled.map((one) => one.network))) {
      const frames = framesTo(plan, sightings, node, network as NetworkName);
      let next = 0;
      for (const one of handled.filter((some) => some.network === network)) {
        for (const [at, length] of one.lengths.entries()) {
          const place = frames.slice(next, next + mostPassed).findIndex((frame) => frame.length === length);
          if (place < 0) continue;
          const frame = frames[next + place];
          next += place + 1;
          const decision = frame && decisionFor(node, one, at);
          if (frame && decision) found.set(frame.at, decision);
        }
      }
    }
  }
  return found;
}

/** Frames that reached a NIC, in their order, with the length that the kernel sees. */
function framesTo(plan: Plan, sightings: readonly Sighting[], name: string, network: NetworkName) {
  const node = plan.nodes.find((one) => one.name === name);
  const mac = node && nicOn(node, network).mac;
  return sightings
    .map((sighting, at) => ({ sighting, at, target: macText(sighting.bytes, 0), source: macText(sighting.bytes, 6) }))
    .filter(({ sighting, target, source }) => {
      const forIt = target === mac || (Number.parseInt(target.slice(0, 2), 16) & 1) === 1;
      return sighting.network === network && forIt && source !== mac && !sighting.lost;
    })
    .sort((one, other) => one.sighting.time - other.sighting.time || one.at - other.at)
    .map(({ sighting, at }) => ({ at, length: sighting.length - ethernetHeader }));
}

/** What the kernel did with one of several packets that came together. What cannot be assigned to one packet is left out. */
function decisionFor(node: string, { lengths, functions, drops }: Handled, at: number): Decision | undefined {
  const own = lengths.length === 1 ? functions : splitFor(functions, lengths.length)?.[at];
  const drop = lengths.length === 1 ? drops[0] : undefined;
  if (!own?.length && !drop) return undefined;
  return { node, functions: own ?? [], ...(drop && { drop }) };
}

/** One row of functions for each packet. All rows begin with the same function. */
function splitFor(functions: readonly string[], count: number): string[][] | undefined {
  const rows: string[][] = [];
  for (const one of functions) {
    if (one === functions[0]) rows.push([]);
    rows.at(-1)?.push(one);
  }
  return rows.length === count ? rows : undefined;
}

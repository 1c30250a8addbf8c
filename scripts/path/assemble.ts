import { decode } from '../capture/decode.ts';
import { type PcapRecord, readPcap } from '../capture/pcap.ts';
import type { NetworkName } from '../model/words.ts';
import { nicOn, type Plan } from '../plan/plan.ts';
import { clocksOf } from './clocks.ts';
import { tunnelPorts } from './follow.ts';
import type { Sighting } from './followed.ts';

/** The capture of a network at its switch, and at the nodes' ends of some lines. */
export interface SwitchCapture {
  network: NetworkName;
  /** pcap: each frame as it came in. */
  frames: Uint8Array;
  /** pcap: what the node sent, and what reached it. */
  ends: { node: string; frames: Uint8Array }[];
}

/** What a node captured on one of its NICs, by its own clock: what it sent and what reached it, as pcap files. */
export interface GuestCapture {
  node: string;
  network: NetworkName;
  sent: Uint8Array;
  reached: Uint8Array;
}

/** A frame, and a sign that tells it from others: everything read from it, without checksums, because NICs fill them in late. */
export interface Signed extends PcapRecord {
  sign: string;
  /** MACs */
  source: string;
  target: string;
}

/**
 * Takes frames as they came in at the switches. Frames that a node sent and that did not come in were lost on its line. So were frames
 * for a node that did not reach it.
 */
export function fromSwitches(plan: Plan, captures: readonly SwitchCapture[]): Sighting[] {
  return captures.flatMap(({ network, frames, ends }) => {
    const came = signed(plan, frames).map((frame): Draft => ({ network, frame }));
    const lostBefore = ends.flatMap(({ node, frames: own }) => {
      const mac = macOf(plan, node, network);
      const { sent, reached } = split(signed(plan, own), mac);
      markLost(came, node, mac, reached);
      const lost = lostOf(
        sent,
        came.map(({ frame }) => frame),
      );
      return lost.map((frame): Draft => ({ network, frame, lost: { node, way: 'from' } }));
    });
    return [...came, ...lostBefore].map(sightingOf);
  });
}

/** Takes each frame from its sender's capture. The receiver's capture shows whether it arrived, and how far the clocks differ. */
export function fromGuests(plan: Plan, captures: readonly GuestCapture[]): Sighting[] {
  const views = captures.map(({ node, network, sent, reached }) => {
    const mac = macOf(plan, node, network);
    // A multicast network returns a NIC's own frames to it.
    const others = signed(plan, reached).filter(({ source }) => source !== mac);
    return { node, network, mac, sent: signed(plan, sent), reached: others };
  });
  const late = clocksOf(views);
  const drafts = views.flatMap(({ node, network, sent }) =>
    sent.map((frame): Draft => ({ network, frame: { ...frame, time: frame.time - (late.get(node) ?? 0) } })),
  );
  for (const { node, network, mac, reached } of views) {
    const onIt = drafts.filter((draft) => draft.network === network);
    markLost(onIt, node, mac, reached);
  }
  return drafts.map(sightingOf);
}

interface Draft {
  network: NetworkName;
  frame: Signed;
  lost?: Sighting['lost'];
}

function sightingOf({ network, frame: { time, bytes, length }, lost }: Draft): Sighting {
  return { network, time, bytes, length, ...(lost && { lost }) };
}

function macOf(plan: Plan, name: string, network: NetworkName): string {
  const node = plan.nodes.find((one) => one.name === name);
  if (!node) throw new Error(`plan of ${plan.lab} has no node ${name}`);
  return nicOn(node, network).mac;
}

function signed(plan: Plan, file: Uint8Array): Signed[] {
  const ports = tunnelPorts(plan);
  return readPcap(file).records.map((record) => {
    const { layers, payload } = decode(record.bytes, record.length, ports);
    const [ethernet] = layers;
    const [source, target] = ethernet?.kind === 'ethernet' ? [ethernet.source, ethernet.target] : ['', ''];
    return { ...record, source, target, sign: JSON.stringify([layers, Buffer.from(payload).toString('base64')]) };
  });
}

function split(frames: readonly Signed[], mac: string): { sent: Signed[]; reached: Signed[] } {
  return {
    sent: frames.filter(({ source }) => source === mac),
    reached: frames.filter(({ source }) => source !== mac),
  };
}

/** Marks frames for a NIC as lost that did not reach it: its MAC is their target, and its capture does not have them. */
function markLost(drafts: readonly Draft[], node: string, mac: string, reached: readonly Signed[]): void {
  const forIt = drafts.filter(({ frame, lost }) => frame.target === mac && !lost);
  const lost = new Set(
    lostOf(
      forIt.map(({ frame }) => frame),
      reached,
    ),
  );
  for (const draft of forIt) if (lost.has(draft.frame)) draft.lost = { node, way: 'to' };
}

/** Microseconds: no line delays a frame longer. */
const longestDelay = 3_000_000;

/**
 * Frames that were sent and did not arrive. A frame may still have been on its way when the capture ended. It does not count as lost if
 * no frame that was sent later arrived, and it was sent shortly before the last frame.
 */
function lostOf(sent: readonly Signed[], arrived: readonly Signed[]): Signed[] {
  const left = new Map<string, number>();
  for (const { sign } of arrived) left.set(sign, (left.get(sign) ?? 0) + 1);
  const missing = sent.filter(({ sign }) => {
    const count = left.get(sign) ?? 0;
    left.set(sign, count - 1);
    return count <= 0;
  });
  const passed = sent.filter((one) => !missing.includes(one)).map(({ time }) => time);
  const lastPassed = Math.max(Number.NEGATIVE_INFINITY, ...passed);
  const end = Math.max(...sent.map(({ time }) => time), ...arrived.map(({ time }) => time));
  return missing.filter(({ time }) => passed.length === 0 || time < lastPassed || end - time > longestDelay);
}

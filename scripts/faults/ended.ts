import { type Ending, endingOf, firewallOf } from '../firewall/firewall.ts';
import type { Hook, Packet } from '../firewall/packet.ts';
import { packetsOf } from '../firewall/packets.ts';
import type { StateDifference } from '../state/state.ts';
import type { NodeChange } from './sign.ts';

/** A packet of the lab that a firewall of a node ends, where it did not before. */
export interface Ended {
  packet: Packet;
  ending: Ending;
}

const inward: readonly Hook[] = ['ingress', 'prerouting', 'input'];
const outward: readonly Hook[] = ['output', 'postrouting', 'egress'];
const hooksOf = { in: inward, out: outward, forward: ['forward'] } as const;

/** The packets of the lab that a node lives by, at its way in, its way out or its way through. */
export function packetsAt(
  { plan, node, after }: NodeChange,
  way: keyof typeof hooksOf,
  kinds: readonly Packet['kind'][],
): Packet[] {
  const names = (_: string, network: string) => after.of('nic', network);
  const isDirector = plan.nodes.some(({ name, role }) => name === node && role === 'director');
  return packetsOf(plan, names).flatMap((packet) => {
    const hooks = packet.hooks.filter((hook) => hooksOf[way].some((one) => one === hook));
    const mine = packet.node === node && kinds.includes(packet.kind);
    if (!mine || hooks.length === 0) return [];
    const begins = packet.kind === 'request' || packet.kind === 'check';
    // What IPVS sends on, and what is only passed through, conntrack may take for anything.
    const forwarded = isDirector && (packet.kind === 'answer' || (packet.kind === 'request' && way === 'out'));
    return [short({ ...packet, hooks }, begins, way !== 'forward' && !forwarded)];
  });
}

/** The first of its kind: a request that begins a connection, or the answer to that. */
function short(packet: Packet, begins: boolean, isKnown: boolean): Packet {
  return { length: [40, 100], ...(isKnown && { state: begins ? 'new' : 'established' }), ...packet };
}

/** Those of the packets that end on the node, and did not before. */
export function ended(change: NodeChange, packets: readonly Packet[]): Ended[] {
  const [before, after] = [firewallOf(change.before), firewallOf(change.after)];
  return packets.flatMap((packet) => {
    const ending = endingOf(after, packet);
    return ending && !endingOf(before, packet) ? [{ packet, ending }] : [];
  });
}

/** Whether all packets, and at least one, end on the node. Those to ports that a connection tells do not count. */
export function allEnded(change: NodeChange, packets: readonly Packet[]): Ended[] {
  const known = packets.filter(
    ({ sport, dport }) => !sport || !dport || sport[0] === sport[1] || dport[0] === dport[1],
  );
  const found = ended(change, known);
  return found.length === known.length ? found : [];
}

/** The differences that end packets: new rules, and chains whose policy is another one. */
export function endingDifferences({ differences }: NodeChange, found: readonly Ended[]): StateDifference[] {
  return differences.filter(({ section, key }) =>
    found.some(({ ending: { by } }) => by.section === section && by.key === key),
  );
}

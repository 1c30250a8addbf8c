import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TcpFlag } from '../../scripts/capture/layers/layer.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import type { NetworkName } from '../../scripts/model/words.ts';
import type { Sighting } from '../../scripts/path/followed.ts';
import { nicOn, type Plan } from '../../scripts/plan/plan.ts';
import * as build from '../capture/build.ts';

/** One network that packets cross, as a person would tell it. */
export interface MadeHop {
  network: NetworkName;
  from: string;
  to: string;
  source: string;
  target: string;
  ttl: number;
  tunnel?: { by: 'ipip' | 'gre' | 'gue'; source: string; target: string };
}

/** A TCP segment of a conversation: who sends it, and what is in it. */
export interface MadeSegment {
  way: 'there' | 'back';
  flags: TcpFlag[];
  payload?: number;
  /** Leaves hops out from this one on, counted from 0. */
  until?: number;
  /** Sent again: the numbers are those of the one before in this direction. */
  again?: boolean;
}

/** A request for a page: the handshake, the request, an answer, both ends close. */
export const page: MadeSegment[] = [
  { way: 'there', flags: ['SYN'] },
  { way: 'back', flags: ['SYN', 'ACK'] },
  { way: 'there', flags: ['ACK'] },
  { way: 'there', flags: ['PSH', 'ACK'], payload: 83 },
  { way: 'back', flags: ['ACK'] },
  { way: 'back', flags: ['PSH', 'ACK'], payload: 310 },
  { way: 'there', flags: ['ACK'] },
  { way: 'back', flags: ['FIN', 'ACK'] },
  { way: 'there', flags: ['FIN', 'ACK'] },
  { way: 'back', flags: ['ACK'] },
];

export const begin = 1_700_000_000_000_000;
export const clientPort = 20001;

/** The frames of a conversation over these hops, 0.25 ms apart. */
export function conversation(
  plan: Plan,
  hops: { there: MadeHop[]; back: MadeHop[] },
  segments: readonly MadeSegment[] = page,
  from = begin,
): Sighting[] {
  const next = { there: 1000, back: 500_000 };
  const last = { ...next };
  let time = from;
  return segments.flatMap((segment) => {
    const { way, flags, payload = 0, until, again } = segment;
    const other = way === 'there' ? 'back' : 'there';
    if (again) time += 1_000_000;
    const sequence = again ? last[way] : next[way];
    const acknowledgement = flags.includes('ACK') ? next[other] : 0;
    const carried = payload + flags.filter((flag) => flag === 'SYN' || flag === 'FIN').length;
    if (!again) {
      last[way] = sequence;
      next[way] += carried;
    }
    return hops[way].slice(0, until).map((hop) => {
      time += 250;
      const inside = (sourcePort: number, targetPort: number) =>
        build.tcp({ sourcePort, targetPort, sequence, acknowledgement, flags, payload });
      return frameOf(plan, hop, inside, time);
    });
  });
}

/** A frame on one network. Addresses have their ports behind a blank: `192.168.1.3 80`. */
export function frameOf(
  plan: Plan,
  { network, from, to, source, target, ttl, tunnel }: MadeHop,
  inside: (sourcePort: number, targetPort: number) => build.Inside,
  time: number,
): Sighting {
  const [sourceAddress = '', sourcePort = ''] = source.split(' ');
  const [targetAddress = '', targetPort = ''] = target.split(' ');
  const packet = ip(
    { source: sourceAddress, target: targetAddress, ttl, dontFragment: true },
    inside(Number(sourcePort), Number(targetPort)),
  );
  const whole = tunnel ? ip({ source: tunnel.source, target: tunnel.target, ttl }, wrapped(tunnel.by, packet)) : packet;
  const bytes = build.ethernet(macOf(plan, from, network), macOf(plan, to, network), whole);
  return { network, time, bytes, length: bytes.length };
}

function ip(fields: build.IpFields, inside: build.Inside): build.Inside {
  return fields.source.includes(':') ? build.ipv6(fields, inside) : build.ipv4(fields, inside);
}

function wrapped(by: 'ipip' | 'gre' | 'gue', packet: build.Inside): build.Inside {
  if (by === 'ipip') return packet;
  return by === 'gre' ? build.gre(packet) : build.udp(41_000, 6080, build.gue(packet));
}

/** The MAC of a node's NIC; any other text is a MAC itself. */
export function macOf({ nodes }: Plan, name: string, network: NetworkName): string {
  const node = nodes.find((one) => one.name === name);
  return node ? nicOn(node, network).mac : name;
}

/** ARP: a node asks for an address, and the node that has it answers. */
export function arpExchange(
  plan: Plan,
  network: NetworkName,
  asker: string,
  address: string,
  owner?: string,
  time = begin,
): Sighting[] {
  const own = plan.nodes.find(({ name }) => name === asker);
  if (!own) throw new Error(asker);
  const { mac, address: sender } = nicOn(own, network);
  const zero = '00:00:00:00:00:00';
  const question = build.ethernet(
    mac,
    'ff:ff:ff:ff:ff:ff',
    build.arp({ operation: 1, senderMac: mac, sender, targetMac: zero, target: address }),
  );
  const frames = [{ network, time, bytes: question, length: question.length }];
  if (owner === undefined) return frames;
  const ownerMac = macOf(plan, owner, network);
  const answer = build.ethernet(
    ownerMac,
    mac,
    build.arp({ operation: 2, senderMac: ownerMac, sender: address, targetMac: mac, target: sender }),
  );
  return [...frames, { network, time: time + 100, bytes: answer, length: answer.length }];
}

export function readGolden(name: string): Promise<string> {
  return readFile(join(projectRoot, 'test/golden/paths', name), 'utf8');
}

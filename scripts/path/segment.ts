import type { Decoded } from '../capture/decode.ts';
import { protocols } from '../capture/layers/ip.ts';
import type { Icmp, Ipv4, Ipv6, Layer, Ports, Sctp, Tcp, Udp } from '../capture/layers/layer.ts';
import { familyOf } from '../model/addresses.ts';
import type { Protocol } from '../model/words.ts';
import type { Endpoint, Wrapping } from './wire.ts';

/** The innermost packet of a frame, with the tunnels around it. */
export interface Segment {
  wrapped: Wrapping[];
  source: Endpoint;
  target: Endpoint;
  ttl: number;
  transport: Tcp | Udp | Sctp | Ports;
  /** The bytes after the transport header, as far as they were captured. */
  payload: Uint8Array;
}

type Ip = Ipv4 | Ipv6;
const isIp = (layer: Layer): layer is Ip => layer.kind === 'ipv4' || layer.kind === 'ipv6';

/** The packet in a frame; undefined for a frame without a transport header, such as ARP, ICMP or a later fragment. */
export function segmentOf({ layers, payload }: Decoded): Segment | undefined {
  const transport = layers.at(-1);
  const ip = layers.findLast(isIp);
  if (!ip || !transport || !isTransport(transport)) return undefined;
  return {
    wrapped: wrappingsOf(layers),
    source: { address: ip.source, port: transport.sourcePort },
    target: { address: ip.target, port: transport.targetPort },
    ttl: ip.ttl,
    transport,
    payload,
  };
}

function isTransport(layer: Layer): layer is Segment['transport'] {
  return ['tcp', 'udp', 'sctp', 'ports'].includes(layer.kind);
}

/** The IP headers before the last one, each with the header between it and the next one. */
export function wrappingsOf(layers: readonly Layer[]): Wrapping[] {
  const last = layers.findLastIndex(isIp);
  return layers.slice(0, Math.max(0, last)).flatMap((layer, at): Wrapping[] => {
    if (!isIp(layer)) return [];
    const next = layers[at + 1];
    const { source, target } = layer;
    const inside = layers.slice(at + 1).find(isIp);
    const outer = { family: familyOf(source), inner: familyOf(inside?.source ?? ''), source, target };
    if (next?.kind === 'udp') return [{ by: 'gue', ...outer, port: next.targetPort }];
    return [{ by: next?.kind === 'gre' ? 'gre' : 'ipip', ...outer }];
  });
}

/** The outermost IP header. */
export function outerIp(layers: readonly Layer[]): Ip | undefined {
  return layers.find(isIp);
}

export function icmpOf(layers: readonly Layer[]): Icmp | undefined {
  const last = layers.at(-1);
  return last?.kind === 'icmp' ? last : undefined;
}

/** The packet that an ICMP error quotes; undefined when too little of it is quoted. */
export function quoted({ about }: Icmp): Segment | undefined {
  return about && segmentOf({ layers: about, payload: new Uint8Array() });
}

const numbers: Record<Protocol, number> = { tcp: protocols.tcp, udp: protocols.udp, sctp: protocols.sctp };

export function isOver(protocol: Protocol, { transport }: Segment): boolean {
  return transport.kind === 'ports' ? transport.protocol === numbers[protocol] : transport.kind === protocol;
}

/** Whether two segments can be the same packet on two networks: everything is equal that no router, tunnel or NAT changes. */
export function samePacket(one: Segment, other: Segment): boolean {
  const [a, b] = [one.transport, other.transport];
  // A header that was cut off has nothing to compare.
  if (a.kind === 'ports' || b.kind === 'ports') return true;
  if (a.kind === 'tcp' && b.kind === 'tcp') {
    const equal = a.sequence === b.sequence && a.acknowledgement === b.acknowledgement && a.payload === b.payload;
    const signals = ({ flags }: Tcp) => flags.filter((flag) => flag !== 'PSH').join(); // a NIC that joins segments moves it
    return equal && signals(a) === signals(b);
  }
  if (a.kind === 'udp' && b.kind === 'udp') return a.payload === b.payload && sameStart(one.payload, other.payload);
  return a.kind === b.kind && sameStart(one.payload, other.payload);
}

/** Equal as far as both were captured. */
function sameStart(one: Uint8Array, other: Uint8Array): boolean {
  const both = Math.min(one.length, other.length);
  return Buffer.compare(one.subarray(0, both), other.subarray(0, both)) === 0;
}

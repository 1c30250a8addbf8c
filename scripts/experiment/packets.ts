import { type Decoded, decode } from '../capture/decode.ts';
import { protocols } from '../capture/layers/ip.ts';
import { type Icmp, type Ipv4, type Ipv6, type Layer, tcpFlags } from '../capture/layers/layer.ts';
import { tunnelPorts } from '../path/follow.ts';
import { wrappingsOf } from '../path/segment.ts';
import { nameOf } from '../plan/nics.ts';
import { type Plan, vipsOf } from '../plan/plan.ts';
import type { Row } from './kinds.ts';

/** A frame of a network. */
interface Seen {
  network: string;
  bytes: Uint8Array;
}

/** Rows of packets, of frames in the order of time. */
export function packetRows(plan: Plan, frames: readonly Seen[]): Row[] {
  const ports = tunnelPorts(plan);
  return frames.map(({ network, bytes }) => rowOf(plan, network, decode(bytes, bytes.length, ports)));
}

type Ip = Ipv4 | Ipv6;
const isIp = (layer: Layer): layer is Ip => layer.kind === 'ipv4' || layer.kind === 'ipv6';

function rowOf(plan: Plan, network: string, { layers }: Decoded): Row {
  const [ethernet] = layers;
  const macs = ethernet?.kind === 'ethernet' ? ethernet : { source: '', target: '' };
  const [outer, inner] = [layers.find(isIp), layers.findLast(isIp)];
  const arp = layers.find((layer) => layer.kind === 'arp');
  return {
    network,
    by: nameOf(plan, macs.source),
    for: macs.target === 'ff:ff:ff:ff:ff:ff' ? 'all' : nameOf(plan, macs.target),
    ...(inner && {
      from: addressNames(plan, inner.source),
      to: addressNames(plan, inner.target),
      fragment: layers.some((layer) => isIp(layer) && layer.fragment !== undefined),
      tunnel: wrappingsOf(layers)[0]?.by ?? 'none',
      size: outer?.length,
    }),
    ...(arp && { from: addressNames(plan, arp.sender), to: addressNames(plan, arp.target) }),
    protocol: protocolOf(layers, inner),
    ...transportOf(layers),
  };
}

/** An address, and who has it: a node, or `vip`. */
export function addressNames(plan: Plan, address: string): string[] {
  const owners = plan.nodes.filter(({ nics }) => nics.some((nic) => nic.address === address)).map(({ name }) => name);
  return [address, ...owners, ...(vipsOf(plan).includes(address) ? ['vip'] : [])];
}

function protocolOf(layers: readonly Layer[], ip: Ip | undefined): string {
  const last = layers.at(-1);
  if (last?.kind === 'icmp') return last.family === 4 ? 'icmp' : 'icmpv6';
  if (last && ['tcp', 'udp', 'sctp', 'arp'].includes(last.kind)) return last.kind;
  const names = Object.entries(protocols).find(([, number]) => number === ip?.protocol);
  // A later fragment says in its IP header what it is of.
  return ip ? (names?.[0] ?? 'ip') : 'other';
}

function transportOf(layers: readonly Layer[]): Row {
  const last = layers.at(-1);
  switch (last?.kind) {
    case 'tcp':
      return {
        ...portsOf(last),
        flags: tcpFlags.filter((flag) => last.flags.includes(flag)).join(' '),
        data: last.payload,
      };
    case 'udp':
      return { ...portsOf(last), data: last.payload };
    case 'sctp':
    case 'ports':
      return portsOf(last);
    case 'icmp':
      return icmpOf(last);
    default:
      return {};
  }
}

function portsOf({ sourcePort, targetPort }: { sourcePort: number; targetPort?: number }): Row {
  return { from_port: sourcePort, to_port: targetPort };
}

function icmpOf({ type, code, mtu }: Icmp): Row {
  return { type, code, mtu };
}

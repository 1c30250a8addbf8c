import { ipv6Text, macText, uint16, uint32 } from './bytes.ts';
import { readIpv4, readIpv6 } from './layers/ip.ts';
import type { Icmp, Layer, Next, Reader, Step } from './layers/layer.ts';
import { readArp, readEthernet, readVlan } from './layers/link.ts';
import { readSctp, readTcp, readUdp } from './layers/transport.ts';
import { readGre, readGue } from './layers/tunnel.ts';

/** The headers of a frame, the outermost first. */
export interface Decoded {
  layers: Layer[];
  /** What is behind the last header, as far as it was captured. */
  payload: Uint8Array;
  /** A header that was captured in part, or is wrong: it is missing in `layers`. */
  unread?: Next;
}

const readers: Record<Next, Reader> = {
  ethernet: readEthernet,
  vlan: readVlan,
  arp: readArp,
  ipv4: readIpv4,
  ipv6: readIpv6,
  gre: readGre,
  gue: readGue,
  udp: readUdp,
  tcp: readTcp,
  sctp: readSctp,
  icmp: (bytes, length) => readIcmp(bytes, length, 4),
  icmpv6: (bytes, length) => readIcmp(bytes, length, 6),
};

/**
 * Reads the headers of an Ethernet frame, as far as they were captured.
 * @param tunnelPorts UDP ports whose datagrams carry packets by GUE or FOU
 */
export function decode(frame: Uint8Array, length: number, tunnelPorts: readonly number[] = []): Decoded {
  return decodeFrom('ethernet', frame, length, tunnelPorts);
}

/** Nobody nests more headers; a frame that says so is wrong. */
const deepest = 32;

function decodeFrom(first: Next, bytes: Uint8Array, length: number, tunnelPorts: readonly number[] = []): Decoded {
  const layers: Layer[] = [];
  let next: Next | undefined = first;
  let rest = bytes;
  let left = length;
  while (next && layers.length < deepest) {
    const step: Step | undefined = readers[next](rest, left);
    if (!step) return { layers, payload: rest, unread: next };
    layers.push(step.layer);
    rest = step.rest;
    left = step.length;
    const layer: Layer = step.layer;
    next = layer.kind === 'udp' && tunnelPorts.includes(layer.targetPort) ? 'gue' : step.next;
  }
  return { layers, payload: rest };
}

/** Types of ICMP that quote the packet they are about: RFC 792; RFC 4443, below 128. */
const errors4 = [3, 4, 5, 11, 12];
const isError = (family: 4 | 6, type: number) => (family === 4 ? errors4.includes(type) : type < 128);
const [fragmentationNeeded, packetTooBig] = ['4 3 4', '6 2 0'];
const neighbourTypes = [135, 136];

function readIcmp(bytes: Uint8Array, length: number, family: 4 | 6): Step | undefined {
  if (bytes.length < 8) return undefined;
  const [type = 0, code = 0] = bytes;
  const layer: Icmp = { kind: 'icmp', family, type, code };
  if (isError(family, type))
    layer.about = decodeFrom(family === 4 ? 'ipv4' : 'ipv6', bytes.subarray(8), length - 8).layers;
  const which = [family, type, code].join(' ');
  if (which === fragmentationNeeded) layer.mtu = uint16(bytes, 6);
  if (which === packetTooBig) layer.mtu = uint32(bytes, 4);
  if (family === 6 && neighbourTypes.includes(type) && bytes.length >= 24) layer.neighbour = neighbourOf(bytes);
  return { layer, rest: bytes.subarray(8), length: length - 8 };
}

/** RFC 4861, sections 4.3 and 4.4: the address, then options; those of type 1 and 2 have a MAC. */
function neighbourOf(bytes: Uint8Array): NonNullable<Icmp['neighbour']> {
  const target = ipv6Text(bytes, 8);
  const hasMac = bytes.length >= 32 && [1, 2].includes(bytes[24] ?? 0);
  return { target, ...(hasMac && { mac: macText(bytes, 26) }) };
}

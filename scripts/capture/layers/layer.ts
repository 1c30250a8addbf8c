/** A header of a frame. Lengths are in bytes, as the headers say them: more than was captured of a frame that was cut. */
export type Layer = Ethernet | Vlan | Arp | Ipv4 | Ipv6 | Gre | Gue | Udp | Tcp | Sctp | Icmp | Ports;

export interface Ethernet {
  kind: 'ethernet';
  source: string;
  target: string;
}

export interface Vlan {
  kind: 'vlan';
  id: number;
}

export interface Arp {
  kind: 'arp';
  operation: 'request' | 'reply' | 'other';
  senderMac: string;
  sender: string;
  targetMac: string;
  target: string;
}

export interface Ipv4 extends IpFields {
  kind: 'ipv4';
  dontFragment: boolean;
}

export interface Ipv6 extends IpFields {
  kind: 'ipv6';
}

/** What IPv4 and IPv6 have in common. */
interface IpFields {
  source: string;
  target: string;
  /** IPv6: hop limit. */
  ttl: number;
  /** Number of the protocol inside; of IPv6 behind the extension headers. */
  protocol: number;
  /** The whole packet, with this header. */
  length: number;
  /** Set in fragments alone. */
  fragment?: Fragment;
}

export interface Fragment {
  /** The same for all fragments of a packet. */
  id: number;
  /** In bytes. */
  offset: number;
  /** More fragments follow. */
  more: boolean;
}

export interface Gre {
  kind: 'gre';
  /** EtherType of what is inside. */
  protocol: number;
}

/** Generic UDP encapsulation (draft-ietf-intarea-gue), and IP directly in UDP (FOU). */
export interface Gue {
  kind: 'gue';
  /** IP protocol of what is inside. */
  protocol: number;
}

export interface Udp {
  kind: 'udp';
  sourcePort: number;
  targetPort: number;
  /** Bytes of the datagram without this header; of a fragment, its part. */
  payload: number;
}

export interface Tcp {
  kind: 'tcp';
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgement: number;
  flags: TcpFlag[];
  window: number;
  /** Bytes of data; of a fragment, its part. */
  payload: number;
  /** Of a SYN: the largest segment that its sender takes. */
  mss?: number;
}

export const tcpFlags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
export type TcpFlag = (typeof tcpFlags)[number];

export interface Sctp {
  kind: 'sctp';
  sourcePort: number;
  targetPort: number;
  /** The chunks that were captured, by their types (RFC 9260, section 3.2). */
  chunks: { type: number; length: number }[];
}

export interface Icmp {
  kind: 'icmp';
  family: 4 | 6;
  type: number;
  code: number;
  /** Of an error: the packet that it is about, as far as it is quoted. */
  about?: Layer[];
  /** Of "fragmentation needed" and "packet too big": the MTU that fits. */
  mtu?: number;
  /** Of neighbour solicitations and advertisements: the address, and the MAC in the option. */
  neighbour?: { target: string; mac?: string };
}

/** A transport header that was cut: its first bytes are ports. */
export interface Ports {
  kind: 'ports';
  /** IP protocol. */
  protocol: number;
  sourcePort: number;
  targetPort?: number;
  /** Bytes of the header with its data. */
  length: number;
}

/** One header taken off. */
export interface Step {
  layer: Layer;
  /** What follows, as far as it was captured. */
  rest: Uint8Array;
  /** Bytes that follow on the wire. */
  length: number;
  /** What follows; undefined if it is not a header that is read. */
  next?: Next | undefined;
}

/** The headers that have a reader, by a name. */
export type Next =
  | 'ethernet'
  | 'vlan'
  | 'arp'
  | 'ipv4'
  | 'ipv6'
  | 'gre'
  | 'gue'
  | 'udp'
  | 'tcp'
  | 'sctp'
  | 'icmp'
  | 'icmpv6';

/**
 * Takes one header off. Returns undefined when too little of it was captured.
 * @param length bytes on the wire
 */
export type Reader = (bytes: Uint8Array, length: number) => Step | undefined;

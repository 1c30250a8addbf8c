import type { Segment } from './segment.ts';
import type { Connection, Way, Wire } from './wire.ts';

/** A frame as it was put on a network. */
export interface Sighting {
  network: string;
  /** Microseconds since 1970, on one clock for all networks. */
  time: number;
  bytes: Uint8Array;
  /** Bytes on the wire. */
  length: number;
  /** The frame was lost on the line of this node, on its way from the node or to it. */
  lost?: { node: string; way: 'from' | 'to' };
}

/** The request that is followed. */
export interface Flow {
  /** Address of the client. */
  client: string;
  /** The client's source ports: the first, and how many. */
  firstPort: number;
  ports: number;
}

/** A packet on one network. */
export interface Hop extends Wire {
  time: number;
  /** MACs of the frame. */
  fromMac: string;
  toMac: string;
  /** The frames that carry it, by their places among the sightings: several for fragments and copies. */
  frames: number[];
  /** How often it was seen there: more than once if something duplicated it on its way. */
  copies: number;
  /** Bytes of its frames. */
  length: number;
  lost?: Sighting['lost'];
}

export type Phase = 'handshake' | 'request' | 'answer' | 'close';

/** A packet of the request or the answer, with a hop for each network on which it was seen. */
export interface Packet {
  way: Way;
  phase: Phase;
  /** `SYN`, `request, 83 bytes`, `ACK` */
  label: string;
  /** It carries neither data nor a signal, such as a TCP ACK or an SCTP SACK. */
  bare: boolean;
  /** It was sent before. */
  again: boolean;
  connection: Connection;
  hops: [Hop, ...Hop[]];
  segment: Segment;
}

/** An ICMP error about a packet of the request. */
export interface Complaint {
  hop: Hop;
  /** `fragmentation needed, MTU 1400` */
  what: string;
  /** The way of the packet that it is about. */
  about: Way;
}

/** ARP or neighbour discovery: a question for a MAC, and its answers. */
export interface Neighbour {
  time: number;
  network: string;
  /** The node that asks. */
  asker: string;
  address: string;
  /** Nodes that answered, each once, with their MACs. */
  answers: { from: string; mac: string; time: number; frame: number }[];
  /** Places of the questions among the sightings: several if no answer came in time. */
  frames: number[];
}

/** A request and its answer, as they were seen. */
export interface Followed {
  flow: Flow;
  /** In the order of time, of the first frame of each. */
  neighbours: Neighbour[];
  packets: Packet[];
  complaints: Complaint[];
  /** Frames that are not of this request. */
  others: number;
}

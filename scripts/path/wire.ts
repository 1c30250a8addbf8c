import type { Family } from '../model/addresses.ts';

/** A packet of a request on the wire of one network, as it is expected or as it was seen. */
export interface Wire {
  network: string;
  /** The node that sends the frame, by its MAC; the MAC itself when no node has it. */
  from: string;
  /** The node that the frame is for; `all` for a broadcast. */
  to: string;
  /** Headers in front of the packet, the outermost first. */
  wrapped: Wrapping[];
  source: Endpoint;
  target: Endpoint;
  /** IPv6: hop limit. */
  ttl: number;
}

/** A tunnel's header. */
export interface Wrapping {
  /** `ipip`: one IP header in front of the other, of either family. `gue`: IP in UDP. */
  by: 'ipip' | 'gre' | 'gue';
  /** The families of the outer header, and of what is inside. */
  family: Family;
  inner: Family;
  source: string;
  target: string;
  /** Of `gue`: the UDP port of the target. */
  port?: number;
}

export interface Endpoint {
  address: string;
  /** Undefined when no port is known: the header was cut off, or the plan cannot know the port. */
  port?: number | undefined;
}

/** To the server, and back to the client. */
export type Way = 'there' | 'back';

/** A client's connection to a service. */
export interface Connection {
  clientPort: number;
  /** Port of the VIP. */
  port: number;
}

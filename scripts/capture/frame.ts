/** A frame that was seen on a network. */
export interface Frame {
  network: string;
  /** Microseconds since 1970. */
  time: number;
  /** As many bytes as were captured. */
  bytes: Uint8Array;
  /** Bytes that the frame had on the wire. */
  length: number;
}

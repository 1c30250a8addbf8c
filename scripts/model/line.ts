/** What a cable between a machine and its switch does to frames. Healthy without any of it. */
export interface LineSettings {
  /** Percent of frames that are lost. */
  loss?: Directed;
  /** Mean length of a row of losses, in frames. 1, the default: each frame is lost by itself. */
  burst?: number;
  /** Milliseconds that a frame takes. */
  delayMs?: Directed;
  /** Milliseconds by which that may differ, in both directions. So frames overtake each other. */
  jitterMs?: number;
  /** Percent of frames that arrive twice. */
  duplicate?: Directed;
  /** Longer frames are lost: bytes, without the Ethernet header. */
  mtu?: number;
}

/** A value for each direction of a line; a missing one is 0. */
export interface Directed {
  toNode?: number;
  fromNode?: number;
}

import type { NetworkName } from './words.ts';

/** A value of a line: for both directions, or for each as its node sees it. A direction that is not named has none. */
export type Directed = number | { fromNode?: number; toNode?: number };

/** What is wrong with a line. An empty object is a line that is all right. */
export interface LineSettings {
  /** Per cent of the frames that are lost. */
  loss?: Directed;
  /** Mean number of frames that are lost one after the other (Gilbert's model). Without it each frame is lost by itself. */
  burst?: Directed;
  /** Milliseconds by which each frame is later. */
  delayMs?: Directed;
  /** Milliseconds by which `delayMs` varies, up and down. */
  jitterMs?: Directed;
  /** A frame with a short delay overtakes those with a long one. It needs `jitterMs`. */
  reorder?: true;
  /** Per cent of the frames that arrive once more, less than 100. */
  duplicate?: Directed;
  /** Bits that are damaged in each MiB, at most 500. */
  damage?: Directed;
  /** Bytes of the longest IP packet that passes. Longer ones vanish, and nobody is told. */
  mtu?: Directed;
  /** Bytes per second. More have to wait, without a limit to the queue. */
  bandwidth?: Directed;
}

/** The line between the NIC of a node and its network, and what is or shall be wrong with it. */
export interface LineChange {
  node: string;
  network: NetworkName;
  line: LineSettings;
}

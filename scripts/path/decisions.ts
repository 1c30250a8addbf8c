/** What the kernel of a node did with a frame that reached it. */
export interface Decision {
  node: string;
  /** Functions of IPVS and others, in the order in which they were called. */
  functions: string[];
  /** The packet ended here. */
  drop?: { reason: string; where: string };
}

/** The key is the place of the frame among the sightings. */
export type Decisions = ReadonlyMap<number, Decision>;

import { reasonText } from './reasons.ts';
import type { Track } from './track.ts';

/** Why a kernel dropped a packet: the kernel's name for the reason, and a clause that explains it. */
export interface KernelDrop {
  reason: string;
  text: string;
}

/** Why the kernel of a node dropped packets of the request. */
export function dropsAt(name: string, { followed, decisions }: Pick<Track, 'followed' | 'decisions'>): KernelDrop[] {
  const frames = followed.packets.flatMap(({ hops }) => hops.flatMap((hop) => hop.frames));
  const drops = frames.flatMap((frame) => {
    const decision = decisions.get(frame);
    return decision?.node === name && decision.drop ? [decision.drop] : [];
  });
  const texts = new Map(drops.map((drop) => [reasonText(drop), drop.reason]));
  return [...texts].map(([text, reason]) => ({ reason, text: `the kernel of ${name} dropped it: ${text}` }));
}

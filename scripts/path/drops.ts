import { reasonText } from './reasons.ts';
import type { Track } from './track.ts';

/** Why the kernel of a node dropped packets of the request. */
export function dropsAt(name: string, { followed, decisions }: Pick<Track, 'followed' | 'decisions'>): string[] {
  const frames = followed.packets.flatMap(({ hops }) => hops.flatMap((hop) => hop.frames));
  const drops = frames.flatMap((frame) => {
    const decision = decisions.get(frame);
    return decision?.node === name && decision.drop ? [reasonText(decision.drop)] : [];
  });
  return [...new Set(drops)].map((text) => `the kernel of ${name} dropped it: ${text}`);
}

import { ended, endingDifferences, packetsAt } from './ended.ts';
import type { Sign } from './sign.ts';

/** Packets of full length vanish, and short ones do not. */
export function longEnded(way: 'in' | 'out', kind: 'request' | 'answer'): Sign {
  return (change) => {
    const packets = packetsAt(change, way, [kind]);
    if (ended(change, packets).length > 0) return [];
    const long = packets.map((packet) => ({ ...packet, length: [1400, 1500] as const }));
    const found = ended(change, long).filter(({ ending }) => ending.verdict === 'drop');
    return endingDifferences(change, found);
  };
}

import { faults } from '../../faults/index.ts';
import type { Suspect } from '../cause.ts';
import type { Evidence } from '../evidence.ts';

/** Seconds. A machine gets its time from this computer when it starts; on a busy computer it may be some seconds late. */
const much = 60;

/** Clocks that differ much from this computer's. */
export function clocks({ plan, clocks: seen = new Map() }: Evidence): Suspect[] {
  const fault = faults.find(({ id }) => id === 'clock-wrong');
  const checks = fault?.places(plan).flatMap(({ check }) => check?.id ?? []) ?? [];
  return [...seen].flatMap(([node, ahead]): Suspect[] => {
    if (Math.abs(ahead) < much) return [];
    const words = `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? 'fast' : 'slow'}`;
    return [
      {
        ...{ id: 'clock-wrong', node, layer: 'time', object: 'clock', proof: 'differs', hurts: [] },
        what: `the clock is ${words}, by the clock of this computer`,
        why: fault?.cause ?? '',
        evidence: [],
        mend: [{ on: node, run: `date -s '${ahead > 0 ? '-' : '+'}${Math.round(Math.abs(ahead))} seconds'` }],
        explains: ['clock', ...checks],
      },
    ];
  });
}

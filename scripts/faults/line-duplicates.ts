import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { echoesTwice } from './witness.ts';

export const lineDuplicates: Fault = {
  id: 'line-duplicates',
  family: 'line',
  title: 'the line from a machine to the network delivers half of the frames twice',
  cause: 'TCP drops the second copy, so clients notice nothing. A UDP server answers twice.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { duplicate: 50 }),
        witness: echoesTwice(line.asker, line.address),
        symptom: { kind: 'none' },
      };
    }),
};

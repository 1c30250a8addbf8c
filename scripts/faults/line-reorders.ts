import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { echoesOvertake } from './witness.ts';

export const lineReorders: Fault = {
  id: 'line-reorders',
  family: 'line',
  title: 'frames overtake each other on the line of a machine',
  cause:
    'TCP puts them in order again, and takes some for lost meanwhile: long answers are slower, short ones arrive as always.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { delayMs: 20, jitterMs: 19, reorder: true }),
        witness: echoesOvertake(line.asker, line.address),
        symptom: { kind: 'none' },
      };
    }),
};

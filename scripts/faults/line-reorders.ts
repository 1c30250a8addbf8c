import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { echoesOvertake } from './witness.ts';

export const lineReorders: Fault = {
  id: 'line-reorders',
  family: 'line',
  title: 'the line from a machine to the network reorders frames',
  cause:
    'TCP puts segments in order again, and meanwhile takes some for lost. Long answers become slower, short ones do not.',
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

import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { sharesOf } from './symptom.ts';
import { echoesLate } from './witness.ts';

export const lineDelay: Fault = {
  id: 'line-delay',
  family: 'line',
  title: 'the line from a machine to the network delays each frame by three quarters of a second',
  cause: 'Every frame arrives, but late. A page takes at least two round trips.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { delayMs: { toNode: 750 } }),
        witness: echoesLate(line.asker, line.address),
        symptom: { kind: 'slow', of: sharesOf(plan, line.servers) },
      };
    }),
};

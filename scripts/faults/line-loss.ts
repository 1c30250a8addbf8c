import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { sharesOf } from './symptom.ts';
import { losesEchoes } from './witness.ts';

export const lineLoss: Fault = {
  id: 'line-loss',
  family: 'line',
  title: 'the line from a machine to the network loses four of ten frames that the machine sends',
  cause:
    'TCP sends lost segments again, and waits longer each time. No machine counts the lost frames, because they are lost between the machines.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { loss: { fromNode: 40 } }),
        witness: losesEchoes(line.asker, line.address),
        symptom: { kind: 'lossy', of: sharesOf(plan, line.servers) },
      };
    }),
};

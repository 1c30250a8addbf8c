import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { sharesOf } from './symptom.ts';
import { losesEchoes } from './witness.ts';

export const lineLoss: Fault = {
  id: 'line-loss',
  family: 'line',
  title: 'the line of a machine loses four of ten frames that come from it',
  cause: 'TCP sends again what was lost, later and later. No guest counts a lost frame, because none has seen it.',
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

import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { sharesOf } from './symptom.ts';
import { losesEchoes } from './witness.ts';

export const lineBursts: Fault = {
  id: 'line-bursts',
  family: 'line',
  title: 'the line from a machine to the network loses frames in bursts',
  cause:
    'A burst outlasts the first attempts of TCP, so a request waits for seconds. Single losses would cost it little.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { loss: 30, burst: 8 }),
        witness: losesEchoes(line.asker, line.address),
        symptom: { kind: 'lossy', of: sharesOf(plan, line.servers) },
      };
    }),
};

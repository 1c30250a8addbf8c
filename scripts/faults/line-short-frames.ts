import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { sharesOf } from './symptom.ts';
import { onlyShort } from './witness.ts';

export const lineShortFrames: Fault = {
  id: 'line-short-frames',
  family: 'line',
  title: 'the line from a machine to the network loses long frames',
  cause: 'The line takes only short frames, and no ICMP error tells the sender. Short requests are answered.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { mtu: 1000 }),
        witness: onlyShort(line.asker, line.address),
        symptom: { kind: 'long fails', of: sharesOf(plan, line.servers), long: 'requests' },
      };
    }),
};

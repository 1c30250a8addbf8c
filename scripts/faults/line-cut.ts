import { badLine, nodeLines } from './bad-line.ts';
import type { Fault, Place } from './fault.ts';
import { fails, failsUntilNoticed } from './symptom.ts';
import { noEcho } from './witness.ts';

export const lineCut: Fault = {
  id: 'line-cut',
  family: 'line',
  title: 'the line from a machine to the network is cut',
  cause: 'The NIC still shows a link, because it is still connected to a switch. But no frame gets through.',
  places: (plan) =>
    nodeLines(plan).map((line): Place => {
      return {
        name: line.node,
        nodes: [line.node],
        ...badLine(line, { loss: 100 }),
        witness: noEcho(line.asker, line.address),
        symptom: line.servers.length > 1 ? fails(plan, line.servers) : failsUntilNoticed(plan, line.servers),
      };
    }),
};

import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';
import { echoesLate } from './witness.ts';

export const nicDelay: Fault = {
  id: 'nic-delay',
  family: 'line',
  title: 'the NIC of a real server sends each packet three quarters of a second late',
  cause: 'A queueing discipline of the NIC (netem) holds the packets back.',
  sign: changed('qdisc', /^(front|back|remote) /, { after: /netem.* delay/ }),
  places: (plan) =>
    nearServers(plan).map(({ server: { node, address }, director }) => ({
      name: node,
      nodes: [node],
      make: [onNic(node, address, sh`tc qdisc replace dev "$nic" root netem delay 750ms`)],
      mend: [onNic(node, address, sh`{ tc qdisc del dev "$nic" root 2> /dev/null || :; }`)],
      witness: echoesLate(director.name, address),
      symptom: { kind: 'slow', of: sharesOf(plan, [node]) },
    })),
};

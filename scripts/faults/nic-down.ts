import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { nicByMac, sh } from './sh.ts';
import { changed } from './sign.ts';
import { failsUntilNoticed } from './symptom.ts';
import { noEcho } from './witness.ts';

export const nicDown: Fault = {
  id: 'nic-down',
  family: 'line',
  title: 'the NIC of a real server is down',
  cause: 'No packet comes in or goes out. The kernel also forgets the routes of a NIC that is down.',
  sign: changed('link', /^(front|back|remote) up$/, { after: /^no$/ }),
  places: (plan) =>
    nearServers(plan).map(({ server: { node, address }, nic, director }) => ({
      name: node,
      nodes: [node],
      make: [{ on: node, run: `${nicByMac(nic.mac)} && ${sh`ip link set "$nic" down`}` }],
      witness: noEcho(director.name, address),
      symptom: failsUntilNoticed(plan, [node]),
    })),
};

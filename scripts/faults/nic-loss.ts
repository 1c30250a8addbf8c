import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { sharesOf } from './symptom.ts';
import { losesEchoes } from './witness.ts';

export const nicLoss: Fault = {
  id: 'nic-loss',
  family: 'line',
  title: 'the NIC of a real server loses four of ten packets that it should send',
  cause:
    'A queueing discipline of the NIC (netem) drops them. TCP sends lost segments again, and waits longer each time.',
  sign: changed('qdisc', /^(front|back|remote) /, { after: /netem.* loss/ }),
  places: (plan) =>
    nearServers(plan).map(({ server: { node, address }, director }) => ({
      name: node,
      nodes: [node],
      make: [onNic(node, address, sh`tc qdisc replace dev "$nic" root netem loss 40%`)],
      mend: [onNic(node, address, sh`{ tc qdisc del dev "$nic" root 2> /dev/null || :; }`)],
      witness: losesEchoes(director.name, address),
      symptom: { kind: 'lossy', of: sharesOf(plan, [node]) },
    })),
};

import { type PlannedRealServer, serversBy } from '../plan/plan.ts';
import type { Fault, NodeCommand } from './fault.ts';
import { findNic, sh } from './sh.ts';

export const smallMtu: Fault = {
  id: 'small-mtu',
  title: 'the NIC of a real server has a smaller MTU than the others',
  cause:
    'TCP on that machine sends smaller packets, and nobody notices. With a small MTU on the way, long answers are lost when nobody tells their sender.',
  places: (plan) =>
    serversBy(plan, 'nat', 'dr', 'tun').map((server) => ({
      name: server.node,
      make: [setMtu(server, 1400)],
      mend: [setMtu(server, 1500)],
      symptom: { kind: 'none' },
      check: { id: 'mtu', hint: [server.node, 'ip link set', 'mtu 1500'] },
    })),
};

function setMtu({ node, address }: PlannedRealServer, bytes: number): NodeCommand {
  return { on: node, run: `${findNic(address)} && ip link set "$nic" ${sh`mtu ${bytes}`}` };
}

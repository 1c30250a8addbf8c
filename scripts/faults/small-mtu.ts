import { type Plan, type PlannedRealServer, serversBy } from '../plan/plan.ts';
import type { Fault, NodeCommand } from './fault.ts';
import { findNic, sh } from './sh.ts';
import { changed } from './sign.ts';
import { tooLong } from './witness.ts';

export const smallMtu: Fault = {
  id: 'small-mtu',
  family: 'mtu',
  title: 'the NIC of a real server has a smaller MTU than the others',
  cause:
    'TCP on that machine sends smaller packets, and clients notice nothing. A small MTU further along the path is worse: long answers are lost unless ICMP errors reach their sender.',
  sign: (change) =>
    changed('link', /^(front|back|remote) mtu$/, { before: /./, after: /./ })(change).filter(({ before, after }) => {
      const least = change.plan.family === 6 ? 1280 : 68;
      return Number(after) < Number(before) && Number(after) >= least;
    }),
  places: (plan) =>
    serversBy(plan, 'nat', 'dr', 'tun').map((server) => ({
      name: server.node,
      nodes: [server.node],
      // Every IPv4 host must accept 576 bytes (RFC 791). With an MTU under 1280 a NIC loses IPv6.
      make: [setMtu(server, plan.family === 6 ? 1280 : 576)],
      mend: [setMtu(server, 1500)],
      witness: tooLong(server.node, directorFor(plan, server)),
      symptom: { kind: 'none' },
      check: { id: 'mtu', hint: [server.node, 'ip link set', 'mtu 1500'] },
    })),
};

function setMtu({ node, address }: PlannedRealServer, bytes: number): NodeCommand {
  return { on: node, run: `${findNic(address)} && ip link set "$nic" ${sh`mtu ${bytes}`}` };
}

/** The address of a machine that the real server reaches directly. */
function directorFor(plan: Plan, { node }: PlannedRealServer): string {
  const network = plan.nodes.find(({ name }) => name === node)?.nics[0]?.network;
  const others = plan.nodes.filter(({ role }) => role === 'director' || role === 'router').flatMap(({ nics }) => nics);
  return others.find((nic) => nic.network === network)?.address ?? '';
}

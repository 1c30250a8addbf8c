import { hostCidr } from '../model/addresses.ts';
import { nodesOf, type Plan, type PlannedRealServer } from '../plan/plan.ts';
import type { Fault } from './fault.ts';
import { nearServers } from './servers.ts';
import { atOnce, onNic, sh } from './sh.ts';
import { added, escaped, type NodeChange } from './sign.ts';
import { failsUntilNoticed, type Symptom } from './symptom.ts';
import { answersAt } from './witness.ts';

function ofDirector({ plan }: NodeChange): RegExp {
  const own = nodesOf(plan, 'director').flatMap(({ nics }) => nics.map(({ address }) => escaped(address)));
  return new RegExp(` (${own.join('|')})/`);
}

export const directorAddressTwice: Fault = {
  id: 'director-address-twice',
  family: 'arp',
  title: 'a real server also has the address of the director',
  cause:
    'The real server drops packets from the director as forged, because their source is an address of its own. Other machines may send packets for the director to it.',
  sign: added('address', ofDirector),
  places: (plan) =>
    nearServers(plan)
      // In a network without the client, no machine of an IPv6 lab can see who answers.
      .filter(({ nic }) => plan.family === 4 || nic.network === 'front')
      .map(({ server, nic, near }) => {
        const cidr = hostCidr(near.address);
        const add = `${sh`ip address replace ${cidr} dev "$nic"`}${atOnce(plan.family)}`;
        return {
          name: server.node,
          nodes: [server.node],
          make: [onNic(server.node, server.address, add)],
          mend: [onNic(server.node, server.address, sh`ip address flush dev "$nic" to ${cidr}`)],
          witness: answersAt(plan, nic.network, near.address, [nic.mac]),
          symptom: symptomOf(plan, server),
        };
      }),
};

/** With a tunnel requests come from the director, with DR from the client. With NAT it depends on who answers ARP first. */
function symptomOf(plan: Plan, { node, mode }: PlannedRealServer): Symptom {
  if (mode === 'nat') return { kind: 'varies' };
  return mode === 'tun' || plan.health ? failsUntilNoticed(plan, [node]) : { kind: 'none' };
}

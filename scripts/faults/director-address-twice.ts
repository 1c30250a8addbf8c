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
  title: 'a real server has the address of the director as well',
  cause:
    'It takes packets from the director for forged, because their source is its own address. Other machines may send it what they mean for the director.',
  sign: added('address', ofDirector),
  places: (plan) =>
    nearServers(plan)
      // Where the client is not, nobody in an IPv6 lab can see who answers.
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

/** Wrapped requests come from the director, unwrapped ones from the client. By NAT it depends on who answers ARP first. */
function symptomOf(plan: Plan, { node, mode }: PlannedRealServer): Symptom {
  if (mode === 'nat') return { kind: 'varies' };
  return mode === 'tun' || plan.health ? failsUntilNoticed(plan, [node]) : { kind: 'none' };
}

import { hostCidr } from '../model/addresses.ts';
import { type Plan, theNode, vipsOf } from '../plan/plan.ts';
import { effective } from './effective.ts';
import type { Fault, Place } from './fault.ts';
import { atOnce, onNic, sh } from './sh.ts';
import { added, type Sign } from './sign.ts';
import { fails } from './symptom.ts';
import { vipKey } from './vip-key.ts';
import { answersFor, isLocal } from './witness.ts';

/** On its NIC, or elsewhere while ARP is answered for every address; the client needs no answer. */
const answersToo: Sign = (change) => {
  const { plan, node, after } = change;
  const found = added('address', vipKey())(change);
  if (node === theNode(plan, 'client').name) return found;
  const all = plan.family === 4 && effective(after, 'arp_ignore', 'front') === 0;
  return found.filter(({ key }) => all || key.startsWith('front '));
};

export const vipElsewhere: Fault = {
  id: 'vip-elsewhere',
  family: 'vip',
  title: 'a machine that is neither the director nor a real server has the VIP',
  cause:
    'A client that has the VIP sends its requests to itself. Another machine with the VIP answers ARP for it, as the director does, and the first answer counts.',
  sign: answersToo,
  places: (plan) => vipsOf(plan).flatMap((vip) => [onClient(plan, vip), ...onOthers(plan, vip)]),
};

function named(plan: Plan, node: string, vip: string): string {
  return vipsOf(plan).length > 1 ? `${node} ${vip}` : node;
}

function onClient(plan: Plan, vip: string): Place {
  const client = theNode(plan, 'client').name;
  const services = plan.services.filter((service) => service.vip === vip);
  const all = plan.realServers.map(({ node }) => node);
  return {
    name: named(plan, client, vip),
    nodes: [client],
    make: [{ on: client, run: sh`ip address replace ${hostCidr(vip)} dev lo` }],
    mend: [{ on: client, run: sh`ip address flush dev lo to ${hostCidr(vip)}` }],
    witness: isLocal(client, vip, true),
    symptom: fails(plan, all, services, 'refused'),
  };
}

/** Other machines in the client's network: the router, servers of the web site, the other director. */
function onOthers(plan: Plan, vip: string): Place[] {
  const active = theNode(plan, 'director').name;
  const others = plan.nodes.filter(({ name, role }) => {
    return name !== active && ['router', 'site-server', 'director'].includes(role);
  });
  return others.flatMap(({ name, nics }) => {
    const nic = nics.find(({ network }) => network === 'front');
    if (!nic) return [];
    const add = `${sh`ip address replace ${hostCidr(vip)} dev "$nic"`}${atOnce(plan.family)}`;
    return [
      {
        name: named(plan, name, vip),
        nodes: [name],
        make: [onNic(name, nic.address, add)],
        mend: [onNic(name, nic.address, sh`ip address flush dev "$nic" to ${hostCidr(vip)}`)],
        witness: answersFor(plan, vip, [nic.mac]),
        symptom: { kind: 'varies' },
      },
    ];
  });
}

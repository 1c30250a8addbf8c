import { type Nic, nicOn, type Plan, theNode, vipsOf } from '../plan/plan.ts';
import type { Fault, Place } from './fault.ts';
import { nearServers } from './servers.ts';
import { onNic, sh } from './sh.ts';
import { changed, type Sign } from './sign.ts';
import { fails, failsUntilNoticed } from './symptom.ts';
import { noEcho } from './witness.ts';

/** A MAC that no machine has. Its second bit marks it as locally administered. */
const nobody = '02:00:00:00:00:99';

/** An address of the lab has a MAC for ever that no machine of the lab has. */
const toNobody: Sign = (change) => {
  const { plan } = change;
  const nics = plan.nodes.flatMap((node) => node.nics);
  const known = new Set([...nics.map(({ address }) => address), ...vipsOf(plan)]);
  return changed('neighbour', /^(?!proxy)/, { after: /permanent/ })(change).filter(({ key, after = '' }) => {
    const [, mac] = /lladdr (\S+)/.exec(after) ?? [];
    return known.has(key.split(' ')[0] ?? '') && mac !== undefined && nics.every((nic) => nic.mac !== mac);
  });
};

export const neighbourWrong: Fault = {
  id: 'neighbour-wrong',
  family: 'arp',
  title: 'a machine has a permanent neighbour entry with a wrong MAC address',
  cause:
    'The kernel never asks again for the MAC address of a permanent entry. Its frames go to a machine that does not exist.',
  sign: toNobody,
  places: (plan) => [...onClient(plan), ...onDirector(plan)],
};

function onClient(plan: Plan): Place[] {
  const client = theNode(plan, 'client');
  const all = plan.realServers.map(({ node }) => node);
  return vipsOf(plan).map((vip) => {
    const services = plan.services.filter((service) => service.vip === vip);
    return { ...entry(client.name, nicOn(client, 'front'), vip), symptom: fails(plan, all, services) };
  });
}

function onDirector(plan: Plan): Place[] {
  return nearServers(plan).map(({ server: { node, address }, director, near }) => {
    return { ...entry(director.name, near, address, node), symptom: failsUntilNoticed(plan, [node]) };
  });
}

function entry(node: string, { address: own }: Nic, address: string, of = address) {
  return {
    name: `${node} ${of}`,
    nodes: [node],
    make: [onNic(node, own, sh`ip neighbour replace ${address} lladdr ${nobody} nud permanent dev "$nic"`)],
    mend: [onNic(node, own, sh`{ ip neighbour del ${address} dev "$nic" 2> /dev/null || :; }`)],
    witness: noEcho(node, address),
  };
}

import type { Plan, PlannedRealServer } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { clear, quietGroups } from './arp-settings.ts';
import { arpSysctl } from './arp-sysctl.ts';
import type { Fault, Witness } from './fault.ts';
import { clientAddress, macsOf, namesOf } from './servers.ts';
import { findNic, sh } from './sh.ts';
import { without } from './sign.ts';

export const arpAnnounceMissing: Fault = {
  id: 'arp-announce-missing',
  family: 'arp',
  title: 'real servers send ARP requests with the VIP as sender: of the two ARP sysctls only arp_announce is 0',
  cause:
    'Before a real server answers a client, it asks for the MAC address of the client, with the VIP as sender. Machines that hear this note the MAC address of the real server for the VIP, and send their next requests there.',
  sign: without(arpSysctl('announce'), arpSysctl('ignore')),
  places: (plan) =>
    quietGroups(plan).map((group) => ({
      name: namesOf(group),
      nodes: group.map(({ node }) => node),
      make: group.map((server) => clear(server, 'arp_announce')),
      witness: asksAsVip(plan, group[0]),
      symptom: { kind: 'varies' },
    })),
};

/** The real server forgets the client's MAC address and pings the client from the VIP. Its ARP request on the wire names the VIP. */
function asksAsVip(plan: Plan, server: PlannedRealServer | undefined): Witness {
  if (!server) throw new Error('no real server');
  const vip = vipsOn(plan, server.node)[0] ?? '';
  const client = clientAddress(plan);
  const filter = `arp and arp[6:2] = 1 and ether src ${macsOf(plan, [server])[0]} and src host ${vip}`;
  const heard = sh`timeout 8 tcpdump -n --immediate-mode -c 1 -i "$nic" ${filter} > /dev/null 2>&1 &`;
  const ask = sh`ip neighbour flush to ${client} dev "$nic"; ping -q -c 1 -W 1 -I ${vip} ${client} > /dev/null 2>&1`;
  return { on: server.node, run: `${findNic(server.address)}; ${heard} sleep 1; ${ask}; wait $!` };
}

import type { Plan, PlannedRealServer } from '../plan/plan.ts';
import { vipsOn } from '../plan/vip-device.ts';
import { arpSysctl } from './arp-sysctl.ts';
import type { Fault, NodeCommand } from './fault.ts';
import { allAndEach, macsOf, namesOf, serversOn } from './servers.ts';
import { findNic } from './sh.ts';
import { allOf } from './sign.ts';
import type { Symptom } from './symptom.ts';
import { answersFor } from './witness.ts';

export const arpSysctlsMissing: Fault = {
  id: 'arp-sysctls-missing',
  family: 'arp',
  title: 'real servers answer ARP for the VIP: arp_ignore and arp_announce are 0',
  cause:
    'The client uses the first ARP answer. If that comes from a real server, requests go there and not through IPVS.',
  sign: allOf(arpSysctl('ignore'), arpSysctl('announce')),
  places: (plan) => {
    // A kernel answers neighbour solicitations only for addresses of the interface that was asked: IPv6 needs no sysctl.
    if (plan.family === 6) return [];
    const servers = serversOn(plan, 'front').filter(({ mode }) => mode !== 'nat');
    return allAndEach(servers).map((group) => ({
      name: namesOf(group),
      nodes: group.map(({ node }) => node),
      make: group.map(clearSysctls),
      witness: answersFor(plan, vipsOn(plan, group[0]?.node ?? '')[0] ?? '', macsOf(plan, group)),
      symptom: symptomOf(plan, group),
      check: { id: 'arp-quiet', hint: ['arp_ignore=1', 'arp_announce=2'] },
      also: ['arp-owner'],
      race: ['neighbour', 'counted', 'fingerprint'],
    }));
  },
};

/** The kernel takes the larger of "all" and the NIC. */
function clearSysctls({ node, address }: PlannedRealServer): NodeCommand {
  const all = 'net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0';
  const nic = '"net.ipv4.conf.$nic.arp_ignore=0" "net.ipv4.conf.$nic.arp_announce=0"';
  return { on: node, run: `${findNic(address)} && sysctl -q -w ${all} && sysctl -q -w ${nic}` };
}

/** A real server that lacks some of the services at the VIP gets requests that it cannot answer. */
function symptomOf({ services }: Plan, servers: readonly PlannedRealServer[]): Symptom {
  const serveAll = servers.every(({ node }) =>
    services.every(({ destinations }) => destinations.some(({ server }) => server === node)),
  );
  return serveAll ? { kind: 'without IPVS' } : { kind: 'varies' };
}

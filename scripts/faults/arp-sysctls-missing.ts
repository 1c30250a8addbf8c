import { vipsOn } from '../plan/vip-device.ts';
import { bypassed, clear, quietGroups } from './arp-settings.ts';
import { arpSysctl } from './arp-sysctl.ts';
import type { Fault } from './fault.ts';
import { macsOf, namesOf } from './servers.ts';
import { allOf } from './sign.ts';
import { answersFor } from './witness.ts';

export const arpSysctlsMissing: Fault = {
  id: 'arp-sysctls-missing',
  family: 'arp',
  title: 'real servers answer ARP for the VIP: arp_ignore and arp_announce are 0',
  cause:
    'The client uses the first ARP answer. If that comes from a real server, requests go there and not through IPVS.',
  sign: allOf(arpSysctl('ignore'), arpSysctl('announce')),
  places: (plan) =>
    quietGroups(plan).map((group) => ({
      name: namesOf(group),
      nodes: group.map(({ node }) => node),
      make: group.map((server) => clear(server, 'arp_ignore', 'arp_announce')),
      witness: answersFor(plan, vipsOn(plan, group[0]?.node ?? '')[0] ?? '', macsOf(plan, group)),
      symptom: bypassed(plan, group),
      check: { id: 'arp-quiet', hint: ['arp_ignore=1', 'arp_announce=2'] },
      also: ['arp-owner'],
      race: ['neighbour', 'counted', 'fingerprint'],
    })),
};

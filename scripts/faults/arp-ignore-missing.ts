import { vipsOn } from '../plan/vip-device.ts';
import { bypassed, clear, quietGroups } from './arp-settings.ts';
import { arpSysctl } from './arp-sysctl.ts';
import type { Fault } from './fault.ts';
import { macsOf, namesOf } from './servers.ts';
import { without } from './sign.ts';
import { answersFor } from './witness.ts';

export const arpIgnoreMissing: Fault = {
  id: 'arp-ignore-missing',
  family: 'arp',
  title: 'real servers answer ARP for the VIP: of the two ARP sysctls only arp_ignore is 0',
  cause:
    'arp_announce only keeps a real server from using the VIP as sender of its own ARP requests. It still answers everybody who asks for the VIP.',
  sign: without(arpSysctl('ignore'), arpSysctl('announce')),
  places: (plan) =>
    quietGroups(plan).map((group) => ({
      name: namesOf(group),
      nodes: group.map(({ node }) => node),
      make: group.map((server) => clear(server, 'arp_ignore')),
      witness: answersFor(plan, vipsOn(plan, group[0]?.node ?? '')[0] ?? '', macsOf(plan, group)),
      symptom: bypassed(plan, group),
    })),
};

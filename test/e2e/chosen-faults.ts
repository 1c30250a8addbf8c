import type { Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { planOf } from '../render/golden.ts';

/** The faults that are made on real machines, by lab: a fault's id, and the name of its place. Each costs two verifies. */
const chosen: Record<string, [id: string, place: string][]> = {
  dr: [
    ['arp-sysctls-missing', 'rs1 rs2'],
    ['vip-missing', 'rs1'],
    ['vip-on-nic', 'rs1'],
    ['vip-wide-prefix', 'rs1'],
    ['daemon-down', 'rs1'],
    ['wrong-listen', 'rs1'],
    ['weight-zero', 'rs2'],
    ['firewall-ssh-only', 'rs1'],
    ['small-mtu', 'rs1'],
  ],
  tun: [
    ['rp-filter-strict', 'rs1 rs2'],
    ['rp-filter-loose', 'rs1 rs2'],
    ['tunnel-down', 'rs1'],
  ],
  nat: [
    ['gateway-missing', 'rs1'],
    ['forwarding-off', 'director'],
    ['firewall-forward-drop', 'director'],
  ],
  fwmark: [['marks-missing', 'director']],
  'udp-dns': [['daemon-down', 'rs1']],
  ops: [['one-packet-off', 'director']],
  localnode: [['daemon-down', 'director']],
  'tun-gue': [
    ['gue-port-closed', 'rs1'],
    ['tunnel-type-wrong', 'rs1'],
  ],
  'tun-gre': [['rp-filter-strict', 'rs1 rs2']],
  'tun-remote': [
    ['router-rp-filter-strict', 'router'],
    ['forwarding-off', 'router'],
    ['gateway-missing', 'rs1'],
  ],
  'ipv6-nat': [['forwarding-off', 'director']],
  'ipv6-dr': [
    ['vip-on-nic', 'rs1'],
    ['vip-missing', 'rs2'],
  ],
  'ipv6-tun': [['tunnel-down', 'rs1']],
  sctp: [['daemon-down', 'rs2']],
  ftp: [['daemon-down', 'rs1']],
  health: [['checker-dead', 'director']],
  keepalived: [['load-ignored', 'director']],
  web: [
    ['database-password-wrong', 'php'],
    ['php-down', 'php'],
    ['site-writer-missing', 'mysql'],
  ],
  ocfs2: [['site-files-unmounted', 'rs1']],
  'web-dr': [['nfs-server-down', 'store']],
  'nat-centos': [
    ['clock-daemon-down', 'node1'],
    ['clock-daemon-down', 'director'],
  ],
  ha: [
    ['sync-daemon-missing', 'backup backup'],
    ['vrrp-daemon-dead', 'backup'],
    ['vrrp-daemon-dead', 'director'],
    ['service-missing', 'backup TCP 192.168.1.3:7'],
  ],
  services: [['vip-missing', 'rs3 192.168.1.9']],
};

/** A fault at a place of a lab. */
export interface ChosenFault {
  id: string;
  /** For the test that makes it: `a real server lacks the VIP (rs1)`. */
  title: string;
  plan: Plan;
  place: Place;
}

/**
 * The faults to make in each of these labs.
 * @throws Error when the shelf has no such fault, or the fault no such place
 */
export async function chosenFaults(labs: readonly string[]): Promise<Map<string, ChosenFault[]>> {
  return new Map(await Promise.all(labs.map(async (lab) => [lab, await chosenIn(lab)] as const)));
}

async function chosenIn(lab: string): Promise<ChosenFault[]> {
  const plan = await planOf(lab);
  return (chosen[lab] ?? []).map(([id, name]) => {
    const fault = faults.find((one) => one.id === id);
    const place = fault?.places(plan).find((one) => one.name === name);
    if (!fault || !place) throw new Error(`lab ${lab} has no fault ${id} at ${name}`);
    return { id, title: `${fault.title} (${name})`, plan, place };
  });
}

/** Faults that people build into their labs without noticing, and what must give each away. */
export interface Fault {
  title: string;
  node: string;
  /** Shell command that makes the fault. */
  make: string;
  /** What the curl loop shows. */
  answers: RegExp;
  /** The check that names the cause; it must fail, and its hint must match. Nothing fails where this is missing. */
  check?: { id: string; hint: RegExp };
  /** Checks that must fail beside it. */
  also?: string[];
  /** Checks that fail when the wrong machine is the quickest; in one of ten tries at least it must be. */
  race?: string[];
}

export const faults: Record<'dr' | 'tun' | 'nat', Fault[]> = {
  dr: [
    {
      title: 'ARP sysctls missing on the real servers: every curl succeeds, past IPVS',
      node: 'rs1 rs2',
      make: `sysctl -q -w net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.lo.arp_ignore=0 net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.lo.arp_announce=0`,
      answers: /^[12]{12}$/,
      check: { id: 'arp-quiet', hint: /arp_ignore=1.*arp_announce=2/ },
      also: ['arp-owner'],
      race: ['neighbour', 'counted', 'fingerprint'],
    },
    {
      title: 'VIP missing on rs1',
      node: 'rs1',
      make: 'ip address del 192.168.1.3/32 dev lo',
      answers: /^(2x)+$|^(x2)+$/,
      check: { id: 'vip', hint: /rs1 drops what the director sends.*dev lo/ },
    },
    {
      title: 'Apache dead on rs1',
      node: 'rs1',
      make: 'systemctl stop apache2',
      answers: /^(2x)+$|^(x2)+$/,
      check: { id: 'reachable', hint: /Apache is down on rs1/ },
    },
    {
      title: 'rs2 quiesced: weight 0',
      node: 'director',
      make: 'ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 0',
      answers: /^1+$/,
      check: { id: 'table', hint: /weight 0 quiesces/ },
    },
  ],
  tun: [
    {
      title: 'strict reverse path filter on tunl0: the director looks perfect',
      node: 'rs1 rs2',
      make: 'sysctl -q -w net.ipv4.conf.tunl0.rp_filter=1',
      answers: /^x+$/,
      check: { id: 'rp-filter', hint: /drops every request that comes out of tunl0/ },
    },
    {
      title: 'loose reverse path filter on tunl0 is enough',
      node: 'rs1 rs2',
      make: 'sysctl -q -w net.ipv4.conf.tunl0.rp_filter=2',
      answers: /^(21)+$|^(12)+$/,
    },
    {
      title: 'tunl0 down on rs1',
      node: 'rs1',
      make: 'ip link set tunl0 down',
      answers: /^(2x)+$|^(x2)+$/,
      check: { id: 'vip', hint: /ip link set tunl0 up/ },
    },
  ],
  nat: [
    {
      title: 'rs1 without a gateway',
      node: 'rs1',
      make: 'ip route del default',
      answers: /^(2x)+$|^(x2)+$/,
      check: { id: 'gateway', hint: /answers of rs1 never reach the director/ },
    },
    {
      title: 'the director does not forward',
      node: 'director',
      make: 'sysctl -q -w net.ipv4.ip_forward=0',
      answers: /^x+$/,
      check: { id: 'forwarding', hint: /ip_forward=0/ },
    },
  ],
};

/** Faults that people build into their labs without noticing, and what must give each away. */
export interface Fault {
  title: string;
  node: string;
  /** Shell command that makes the fault. */
  make: string;
  /** What mends it before `lab up`, which leaves alone what a person has added. */
  mend?: string;
  /** What four requests of the curl loop show. */
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
      answers: /^[12]{4}$/,
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
      title: 'the VIP on the NIC of rs1, where it answers ARP whatever arp_ignore says',
      node: 'rs1',
      make: 'ip address add 192.168.1.3/32 dev eth0',
      answers: /^[12x]{4}$/,
      check: { id: 'arp-quiet', hint: /ip address del the VIP from the NIC of rs1/ },
      also: ['arp-owner'],
    },
    {
      title: 'the VIP with /24 on lo of rs1, which then takes the client for itself',
      node: 'rs1',
      make: 'ip address del 192.168.1.3/32 dev lo; ip address add 192.168.1.3/24 dev lo',
      answers: /^[12x]{4}$/,
      check: { id: 'vip', hint: /rs1 drops what the director sends/ },
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
    {
      title: 'a firewall on rs1 that lets only ssh in',
      node: 'rs1',
      make: "nft 'table inet own { chain input { type filter hook input priority filter; policy drop; tcp dport 22 accept; }; }'",
      mend: 'nft delete table inet own',
      answers: /^(2x)+$|^(x2)+$/,
      check: { id: 'firewall', hint: /lab ssh dr rs1 -- nft list ruleset.*nft delete table inet own/ },
      also: ['answers', 'reachable'],
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
    {
      title: 'a firewall on the director that forwards nothing, by iptables',
      node: 'director',
      make: 'iptables -P FORWARD DROP',
      mend: 'nft delete table ip filter',
      answers: /^x+$/,
      check: { id: 'firewall', hint: /nft delete table ip filter/ },
      also: ['answers'],
    },
  ],
};

/** A fault of a shipped lab: the check that names it must fail. */
export interface LabFault {
  title: string;
  node: string;
  make: string;
  check: { id: string; hint: RegExp };
}

export const labFaults: Record<string, LabFault[]> = {
  fwmark: [
    {
      title: 'the rule that marks is gone',
      node: 'director',
      make: 'nft delete table inet lvs_lab_marks',
      check: { id: 'marks', hint: /without its mark a packet is of no service/ },
    },
  ],
  'udp-dns': [
    {
      title: 'the name server is down on rs1',
      node: 'rs1',
      make: 'systemctl stop dnsmasq',
      check: { id: 'reachable', hint: /dnsmasq is down on rs1/ },
    },
  ],
  ops: [
    {
      title: 'one-packet scheduling is off: all packets of a port to one server',
      node: 'director',
      make: 'ipvsadm -E -u 192.168.1.3:53 -s rr',
      check: { id: 'table', hint: /changed by hand/ },
    },
  ],
  localnode: [
    {
      title: "the director's own Apache is down",
      node: 'director',
      make: 'systemctl stop apache2',
      check: { id: 'reachable', hint: /Apache is down on director/ },
    },
  ],
  'tun-gue': [
    {
      title: 'nobody takes GUE out of UDP: the director looks perfect',
      node: 'rs1',
      make: 'ip fou del port 6080',
      check: { id: 'gue', hint: /ip fou add port 6080 gue/ },
    },
    {
      title: 'the director sends IPIP instead',
      node: 'director',
      make: 'ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -i --tun-type ipip',
      check: { id: 'table', hint: /changed by hand/ },
    },
  ],
  'tun-gre': [
    {
      title: 'strict reverse path filter on gre0',
      node: 'rs1 rs2',
      make: 'sysctl -q -w net.ipv4.conf.gre0.rp_filter=1',
      check: { id: 'rp-filter', hint: /drops every request that comes out of gre0/ },
    },
  ],
  'tun-remote': [
    {
      title: 'the router takes the VIP’s answers for forged',
      node: 'router',
      make: 'sysctl -q -w net.ipv4.conf.all.rp_filter=1',
      check: { id: 'router', hint: /a strict filter drops every answer/ },
    },
    {
      title: 'the router does not forward',
      node: 'router',
      make: 'sysctl -q -w net.ipv4.ip_forward=0',
      check: { id: 'router', hint: /nothing gets from one network to the other/ },
    },
    {
      title: 'rs1 without a way back',
      node: 'rs1',
      make: 'ip route del default',
      check: { id: 'gateway', hint: /answers of rs1 never reach the client/ },
    },
  ],
  'ipv6-nat': [
    {
      title: 'the director does not forward',
      node: 'director',
      make: 'sysctl -q -w net.ipv6.conf.all.forwarding=0',
      check: { id: 'forwarding', hint: /net.ipv6.conf.all.forwarding=1/ },
    },
  ],
  'ipv6-dr': [
    {
      title: 'the VIP on the NIC of rs1',
      node: 'rs1',
      make: 'ip -6 address add fd00:1::3/128 dev eth0 nodad',
      check: { id: 'arp-quiet', hint: /rs1 answers neighbour solicitations/ },
    },
    {
      title: 'the VIP is missing on rs2',
      node: 'rs2',
      make: 'ip -6 address del fd00:1::3/128 dev lo',
      check: { id: 'vip', hint: /ip address replace fd00:1::3\/128 dev lo/ },
    },
  ],
  'ipv6-tun': [
    {
      title: 'ip6tnl0 down on rs1',
      node: 'rs1',
      make: 'ip link set ip6tnl0 down',
      check: { id: 'vip', hint: /ip link set ip6tnl0 up/ },
    },
  ],
  sctp: [
    {
      title: 'the echo is down on rs2',
      node: 'rs2',
      make: 'systemctl stop lvs-lab-echo-sctp.socket',
      check: { id: 'reachable', hint: /the line echo is down on rs2/ },
    },
  ],
  ftp: [
    {
      title: 'vsftpd is down on rs1',
      node: 'rs1',
      make: 'systemctl stop vsftpd',
      check: { id: 'reachable', hint: /vsftpd is down on rs1/ },
    },
  ],
  health: [
    {
      title: 'nobody watches: ldirectord was killed',
      node: 'director',
      make: 'systemctl kill --signal=KILL ldirectord',
      check: { id: 'health-out', hint: /ldirectord.log/ },
    },
  ],
  keepalived: [
    {
      title: 'what weighs real servers finds none of them busy',
      node: 'director',
      make: `printf '#!/bin/sh\nexit 0\n' > /etc/keepalived/weigh`,
      check: { id: 'load-weights', hint: /etc\/keepalived\/weigh 192\.168\.1\.4/ },
    },
  ],
  web: [
    {
      title: 'another password than the database has',
      node: 'php',
      make: `sed -i "s/'lvs-lab'/'wrong'/" /etc/wordpress/config-default.php`,
      check: { id: 'site-database', hint: /DB_PASSWORD.*config-default\.php on php/ },
    },
    {
      title: 'PHP-FPM is down',
      node: 'php',
      make: 'systemctl stop php8.4-fpm',
      check: { id: 'site-php', hint: /PHP-FPM is down.*systemctl start php8\.4-fpm/ },
    },
    {
      title: 'WordPress is half set up: it has no writer',
      node: 'mysql',
      make: `mariadb wordpress --execute 'DELETE FROM wp_users'`,
      check: { id: 'site-post', hint: /error\.log/ },
    },
  ],
  ocfs2: [
    {
      title: 'rs1 has not mounted the shared disk',
      node: 'rs1',
      make: 'umount /srv/site',
      check: { id: 'site-files', hint: /lab up ocfs2 mounts it/ },
    },
  ],
  'web-dr': [
    {
      title: 'the NFS server is stopped',
      node: 'store',
      make: 'systemctl stop nfs-server',
      check: { id: 'site-files', hint: /NFS server is down.*systemctl start nfs-server/ },
    },
  ],
  'nat-centos': [
    {
      title: 'chrony is down on node1',
      node: 'node1',
      make: 'systemctl stop chrony',
      check: { id: 'clock', hint: /chrony is down on node1.*systemctl start chrony/ },
    },
    {
      title: 'chrony is down on the director: nobody mends a wrong clock',
      node: 'director',
      make: 'systemctl stop chrony',
      check: { id: 'clock-mended', hint: /lab ssh nat-centos director -- systemctl status chrony/ },
    },
  ],
  ha: [
    {
      title: 'the backup does not listen to the sync messages',
      node: 'backup',
      make: 'ipvsadm --stop-daemon backup',
      check: { id: 'sync-daemons', hint: /ipvsadm -l --daemon/ },
    },
    {
      title: 'keepalived is dead on the backup, and nobody would take over',
      node: 'backup',
      make: 'systemctl kill --signal=KILL keepalived',
      check: { id: 'vrrp', hint: /keepalived does not run on backup/ },
    },
    {
      title: 'keepalived is dead on the director, which keeps the VIP beside the backup',
      node: 'director',
      // Until the backup announces itself. On eth0, since without keepalived nobody here listens to VRRP's group.
      make: 'systemctl kill --signal=KILL keepalived; timeout 60 tcpdump -n --immediate-mode -c 1 -i eth0 ip proto 112',
      check: { id: 'vrrp', hint: /keepalived does not run on director/ },
    },
    {
      title: 'a service is missing on the backup',
      node: 'backup',
      make: 'ipvsadm -D -t 192.168.1.3:7',
      check: { id: 'backup-table', hint: /never services/ },
    },
  ],
  services: [
    {
      title: 'the second VIP is missing on rs3',
      node: 'rs3',
      make: 'ip address del 192.168.1.9/32 dev lo',
      check: { id: 'vip', hint: /ip address replace 192.168.1.9\/32 dev lo/ },
    },
  ],
};

import test from 'ava';
import { nic, type Printed, toldOf } from './told.ts';

const apache = '1234 (apache2) S 1 1234 1234 0 -1 4194560 1 0 0 0 10 5 0 0 20 0 1 0 100 1 1';
const child = '1235 (apache2) S 1234 1234 1234 0 -1 4194560 1 0 0 0 10 5 0 0 20 0 1 0 100 1 1';
/** What `head -v` prints of files, given as `FILE:LINE`, a file's lines one after the other. */
const files = (...lines: string[]) => {
  const found = new Map<string, string[]>();
  for (const line of ['/proc/uptime:1000.00 900.00', ...lines]) {
    const [file = '', ...rest] = line.split(':');
    found.set(file, [...(found.get(file) ?? []), rest.join(':')]);
  }
  return { files: [...found].map(([file, text]) => `==> ${file} <==\n${text.join('\n')}\n`).join('\n') };
};
const processes = (first: string, second = child) =>
  files(
    `/proc/1234/stat:${first}`,
    '/proc/1234/cgroup:0::/system.slice/apache2.service',
    `/proc/1235/stat:${second}`,
    '/proc/1235/cgroup:0::/system.slice/apache2.service',
  );
const links = (...changes: object[]) => ({ links: JSON.stringify(changes.map((change) => ({ ...nic, ...change }))) });
const table = (...lines: string[]) => ({
  ipvs: ['@@rules', ...lines, '@@thresholds', '@@timeouts', 'Timeout (tcp tcpfin udp): 900 120 300'].join('\n'),
});
const service = '-A -t 192.168.1.3:80 -s rr';
const lab = `table ip lab {
	set seen {
		type ipv4_addr
		elements = { 192.0.2.1,
			     192.0.2.2 }
	}

	chain input {
		type filter hook input priority filter; policy accept;
		ip saddr @seen counter accept
		tcp dport 22 accept
	}
}
`;
const dropping = lab.replace('tcp dport 22', 'tcp dport 80 drop\n\t\ttcp dport 22');

const cases: [title: string, before: Printed, after: Printed, told: string[]][] = [
  [
    'a NIC whose MAC was changed keeps its role',
    {},
    links({ address: '02:00:00:00:00:01' }),
    [
      '- link front mac 52:54:00:01:04:01',
      '+ link front mac 02:00:00:00:00:01',
      '> ip link set dev eth0 address 52:54:00:01:04:01',
    ],
  ],
  [
    'a NIC that was renamed keeps its role, and commands name it by its new name',
    { traffic: 'qdisc fq_codel 0: dev eth0 root refcnt 2 limit 10240p' },
    {
      ...links({ ifname: 'lan' }),
      traffic: 'qdisc netem 8001: dev lan root refcnt 2 limit 1000 delay 1.5s loss 40% seed 77',
    },
    [
      '- nic front eth0',
      '+ nic front lan',
      '> ip link set dev lan down && ip link set dev lan name eth0 && ip link set dev eth0 up',
      '+ qdisc front root netem limit 1000 delay 1.5s loss 40%',
      '> tc qdisc delete dev lan root',
    ],
  ],
  [
    'a daemon that takes a whole core is started again, not killed by name',
    {},
    processes('1234 (apache2) R 1 1234 1234 0 -1 4194560 1 0 0 0 90000 5000 0 0 20 0 1 0 100 1 1'),
    [
      '+ process apache2.service runs',
      '> systemctl stop apache2.service',
      '+ busy apache2.service apache2 takes a whole core',
      '> systemctl restart apache2.service',
    ],
  ],
  [
    'a daemon that somebody has started by hand is not gone',
    processes(apache),
    files(
      `/proc/1234/stat:${apache}`,
      '/proc/1234/cgroup:0::/user.slice/user-0.slice/session-3.scope',
      `/proc/1235/stat:${child}`,
      '/proc/1235/cgroup:0::/user.slice/user-0.slice/session-3.scope',
    ),
    [
      '- process apache2.service runs',
      '+ process apache2.service runs outside of its unit, as apache2',
      '> pkill -x apache2; systemctl restart apache2.service',
    ],
  ],
  [
    'a unit in a slice of its own, and groups in a unit, are known by the unit',
    files(`/proc/1234/stat:${apache}`, '/proc/1234/cgroup:0::/system.slice/apache2.service'),
    files(`/proc/1234/stat:${apache}`, '/proc/1234/cgroup:0::/system.slice/system-web.slice/apache2.service/workers'),
    [],
  ],
  [
    'time-outs and a table that a person gave to conntrack, and that came with the module, are told',
    files(),
    files(
      'netfilter/nf_conntrack_max:16',
      'netfilter/nf_conntrack_buckets:16',
      'netfilter/nf_conntrack_tcp_timeout_established:5',
      'netfilter/nf_conntrack_udp_timeout:30',
    ),
    [
      '+ sysctl net.netfilter.nf_conntrack_max 16',
      '> sysctl -w net.netfilter.nf_conntrack_max=1024',
      '+ sysctl net.netfilter.nf_conntrack_buckets 16',
      '> sysctl -w net.netfilter.nf_conntrack_buckets=1024',
      '+ sysctl net.netfilter.nf_conntrack_tcp_timeout_established 5',
      '> sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=432000',
    ],
  ],
  [
    'a new device is told once, without its settings',
    files('ipv4/conf/eth0/arp_ignore:0'),
    {
      ...links({}, { ifname: 'dummy0', parentdev: undefined, linkinfo: { info_kind: 'dummy' }, addr_info: [] }),
      ...files('ipv4/conf/eth0/arp_ignore:0', 'ipv4/conf/dummy0/arp_ignore:0'),
    },
    ['+ link dummy0 dummy', '> ip link delete dev dummy0'],
  ],
  [
    'a sysctl of a NIC goes by its role, and is undone by its name',
    files('ipv4/conf/eth0/arp_ignore:1'),
    files('ipv4/conf/eth0/arp_ignore:0'),
    [
      '- sysctl net.ipv4.conf.front.arp_ignore 1',
      '+ sysctl net.ipv4.conf.front.arp_ignore 0',
      '> sysctl -w net.ipv4.conf.eth0.arp_ignore=1',
    ],
  ],
  [
    'a sysctl of several numbers is quoted, and one without a value is set to nothing',
    files('ipv4/tcp_rmem:4096\t131072\t6291456', 'ipv4/ip_local_reserved_ports:'),
    files('ipv4/tcp_rmem:1\t1\t1', 'ipv4/ip_local_reserved_ports:80'),
    [
      '- sysctl net.ipv4.tcp_rmem 4096 131072 6291456',
      '+ sysctl net.ipv4.tcp_rmem 1 1 1',
      "> sysctl -w 'net.ipv4.tcp_rmem=4096 131072 6291456'",
      '- sysctl net.ipv4.ip_local_reserved_ports',
      '+ sysctl net.ipv4.ip_local_reserved_ports 80',
      '> sysctl -w net.ipv4.ip_local_reserved_ports=',
    ],
  ],
  [
    'ip_forward is told without what it sets for each device',
    files(
      'ipv4/ip_forward:1',
      'ipv4/conf/all/forwarding:1',
      'ipv4/conf/eth0/forwarding:1',
      'ipv4/conf/all/accept_redirects:0',
    ),
    files(
      'ipv4/ip_forward:0',
      'ipv4/conf/all/forwarding:0',
      'ipv4/conf/eth0/forwarding:0',
      'ipv4/conf/all/accept_redirects:1',
    ),
    ['- sysctl net.ipv4.ip_forward 1', '+ sysctl net.ipv4.ip_forward 0', '> sysctl -w net.ipv4.ip_forward=1'],
  ],
  [
    'settings that come with a module are not told, but a conntrack table that is too small is',
    files(),
    files('netfilter/nf_conntrack_max:10', 'netfilter/nf_conntrack_buckets:8192', 'netfilter/nf_conntrack_acct:0'),
    ['+ sysctl net.netfilter.nf_conntrack_max 10', '> sysctl -w net.netfilter.nf_conntrack_max=8192'],
  ],
  [
    'a rule of nft is undone by the rules that the chain had, and its set is not touched',
    { firewall: lab },
    { firewall: dropping },
    [
      '+ nft rule ip lab input: tcp dport 80 drop',
      "> nft 'flush chain ip lab input; add rule ip lab input ip saddr @seen counter accept; add rule ip lab input tcp dport 22 accept'",
    ],
  ],
  [
    'rules of nft in another order are told, because the first that decides counts',
    { firewall: dropping },
    {
      firewall: dropping
        .replace('tcp dport 80 drop', 'X')
        .replace('tcp dport 22 accept', 'tcp dport 80 drop')
        .replace('X', 'tcp dport 22 accept'),
    },
    [
      '- nft rules ip lab input ip saddr @seen counter accept\ntcp dport 80 drop\ntcp dport 22 accept',
      '+ nft rules ip lab input ip saddr @seen counter accept\ntcp dport 22 accept\ntcp dport 80 drop',
      "> nft 'flush chain ip lab input; add rule ip lab input ip saddr @seen counter accept; add rule ip lab input tcp dport 80 drop; add rule ip lab input tcp dport 22 accept'",
    ],
  ],
  [
    'a new table is told with its rules, and undone as a whole',
    {},
    { firewall: lab },
    [
      '+ nft table ip lab',
      '> nft delete table ip lab',
      '+ nft rule ip lab input: ip saddr @seen counter accept',
      '> undefined',
      '+ nft rule ip lab input: tcp dport 22 accept',
      '> undefined',
    ],
  ],
  [
    'a table that is gone is made again with its sets, chains and rules',
    { firewall: lab },
    {},
    [
      '- nft table ip lab',
      "> nft 'table ip lab { set seen { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }; }; chain input { type filter hook input priority filter; policy accept; ip saddr @seen counter accept; tcp dport 22 accept; }; }'",
      '- nft rule ip lab input: ip saddr @seen counter accept',
      '> undefined',
      '- nft rule ip lab input: tcp dport 22 accept',
      '> undefined',
    ],
  ],
  [
    'a policy of nft',
    { firewall: lab },
    { firewall: lab.replace('policy accept', 'policy drop') },
    [
      '- nft chain ip lab input type filter hook input priority filter; policy accept;',
      '+ nft chain ip lab input type filter hook input priority filter; policy drop;',
      "> nft 'add chain ip lab input { type filter hook input priority filter; policy accept; }'",
    ],
  ],
  [
    'a rule of iptables-legacy',
    {},
    {
      firewall:
        '@@iptables filter\n*filter\n:INPUT ACCEPT [7:420]\n-A INPUT -s 192.168.1.2/32 -p tcp -m tcp --dport 80 -j DROP\nCOMMIT',
    },
    [
      '+ iptables filter -A INPUT -s 192.168.1.2/32 -p tcp -m tcp --dport 80 -j DROP',
      '> iptables-legacy -t filter -D INPUT -s 192.168.1.2/32 -p tcp -m tcp --dport 80 -j DROP',
    ],
  ],
  [
    'a policy of iptables-legacy',
    {},
    { firewall: '@@iptables filter\n*filter\n:INPUT DROP [7:420]\nCOMMIT' },
    ['+ iptables filter chain INPUT DROP', '> iptables-legacy -t filter -P INPUT ACCEPT'],
  ],
  [
    'a table of arptables, which no tool of the guest shows',
    { kernel: '/sys/module/ip_vs /sys/module/ext4' },
    { kernel: '/sys/module/ip_vs /sys/module/ext4 /sys/module/arp_tables\n@@arptables filter' },
    ['+ arptables table filter', '> modprobe -r arptable_filter'],
  ],
  [
    'modules: one that acts by itself, and one that is gone; others have no effect of their own',
    { kernel: '/sys/module/ip_vs_ftp' },
    { kernel: '/sys/module/br_netfilter /sys/module/nf_tables' },
    ['- module ip_vs_ftp', '> modprobe ip_vs_ftp', '+ module br_netfilter', '> modprobe -r br_netfilter'],
  ],
  [
    'IPVS: a weight, a scheduler, a server that is gone',
    table(service, '-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1', '-a -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 1'),
    table('-A -t 192.168.1.3:80 -s wlc -p 300', '-a -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 0'),
    [
      '- ipvs -t 192.168.1.3:80 -s rr',
      '+ ipvs -t 192.168.1.3:80 -s wlc -p 300',
      '> ipvsadm -E -t 192.168.1.3:80 -s rr',
      '- ipvs -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1',
      '+ ipvs -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 0',
      '> ipvsadm -e -t 192.168.1.3:80 -r 192.168.1.4:80 -g -w 1',
      '- ipvs -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 1',
      '> ipvsadm -a -t 192.168.1.3:80 -r 192.168.1.5:80 -g -w 1',
    ],
  ],
  [
    'IPVS: time-outs, and a sync daemon that is gone',
    {
      ipvs: '@@timeouts\nTimeout (tcp tcpfin udp): 900 120 300\nmaster sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)',
    },
    { ipvs: '@@timeouts\nTimeout (tcp tcpfin udp): 1 1 1' },
    [
      '- ipvs timeouts 900 120 300',
      '+ ipvs timeouts 1 1 1',
      '> ipvsadm --set 900 120 300',
      '- ipvs daemon master mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848, ttl=1',
      '> ipvsadm --start-daemon master --mcast-interface eth0 --syncid 1 --sync-maxlen 1472 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1',
    ],
  ],
  [
    'a daemon that was stopped: one of its processes is enough',
    processes(apache),
    processes(apache, child.replace(' S ', ' T ')),
    [
      '- process apache2.service runs',
      '+ process apache2.service stopped',
      '> systemctl kill --signal=CONT apache2.service',
    ],
  ],
  [
    'a daemon that is gone',
    processes(apache),
    files(),
    ['- process apache2.service runs', '> systemctl start apache2.service'],
  ],
  [
    'a frozen daemon',
    files(
      '/sys/fs/cgroup/system.slice/apache2.service/cgroup.freeze:0',
      '/sys/fs/cgroup/system.slice/apache2.service/cpu.max:max 100000',
    ),
    files(
      '/sys/fs/cgroup/system.slice/apache2.service/cgroup.freeze:1',
      '/sys/fs/cgroup/system.slice/apache2.service/cpu.max:max 100000',
    ),
    ['+ limit apache2.service cgroup.freeze 1', '> systemctl thaw apache2.service'],
  ],
  [
    'a process that takes a whole core',
    files(),
    files(
      '/proc/77/stat:77 (while (1)) R 60 60 60 0 -1 0 1 0 0 0 5000 100 0 0 20 0 1 0 94000 1 1',
      '/proc/77/cgroup:0::/system.slice/lab-ssh.service',
    ),
    ['+ busy while (1) while (1) takes a whole core', "> pkill -x 'while (1)'"],
  ],
  [
    'configuration: only lines that count',
    files('/etc/apache2/ports.conf:', '/etc/apache2/ports.conf:Listen 80'),
    files('/etc/apache2/ports.conf:Listen 192.168.1.4:80', '/etc/hosts.deny:ALL: ALL'),
    [
      '- file /etc/apache2/ports.conf Listen 80',
      '+ file /etc/apache2/ports.conf Listen 192.168.1.4:80',
      "> printf '%s\\n' 'Listen 80' > /etc/apache2/ports.conf && systemctl reload-or-restart apache2",
      '+ file /etc/hosts.deny ALL: ALL',
      '> rm -f /etc/hosts.deny',
    ],
  ],
  [
    'a page that nobody may read',
    {
      files:
        "@@sockets\n@@modes\n644 0:0 /var/www/html/index.html\n777 0:0 '/etc/apache2/mods-enabled/cgi.load' -> '../mods-available/cgi.load'\n@@disks",
    },
    { files: '@@modes\n600 0:0 /var/www/html/index.html\n@@disks' },
    [
      '- mode /var/www/html/index.html 644 0:0',
      '+ mode /var/www/html/index.html 600 0:0',
      '> chmod 644 /var/www/html/index.html && chown 0:0 /var/www/html/index.html',
      '- mode /etc/apache2/mods-enabled/cgi.load link to ../mods-available/cgi.load',
      '> ln -sfn ../mods-available/cgi.load /etc/apache2/mods-enabled/cgi.load && systemctl reload-or-restart apache2',
    ],
  ],
  [
    'a socket that listens elsewhere, and a disk that is full',
    {
      files:
        '==> /proc/net/tcp <==\n   0: 00000000:0050 00000000:0000 0A 00000000:00000000\n@@modes\n@@disks\n Use% IUse% Mounted on\n  20%    1% /',
    },
    {
      files:
        '==> /proc/net/tcp <==\n   0: 0401A8C0:0050 00000000:0000 0A 00000000:00000000\n@@modes\n@@disks\n Use% IUse% Mounted on\n 100%    1% /',
    },
    [
      '- socket tcp 0.0.0.0:80',
      '> undefined',
      '+ socket tcp 192.168.1.4:80',
      '> undefined',
      '+ disk / full',
      '> undefined',
    ],
  ],
  [
    'files of the web site that are not mounted any more',
    files('/proc/mounts:172.16.1.8:/html /var/www/html nfs4 rw,relatime,vers=4.2 0 0'),
    files(),
    [
      '- mount /var/www/html 172.16.1.8:/html nfs4 rw,relatime,vers=4.2',
      '> mount -t nfs4 172.16.1.8:/html /var/www/html',
    ],
  ],
  [
    'a NIC that was moved to another network namespace',
    {},
    {
      links: '[]',
      routing:
        '@@rules6\n@@netns away\nlo               DOWN           00:00:00:00:00:00 <LOOPBACK>\neth0             DOWN           52:54:00:01:04:01 <BROADCAST,MULTICAST>',
    },
    [
      '- link front',
      '> ip netns exec away ip link set dev eth0 netns 1 && ip link set dev eth0 up',
      '+ netns away eth0',
      '> ip netns delete away',
      '- address front 192.168.1.4/24 scope global',
      '> ip address replace 192.168.1.4/24 scope global dev eth0',
    ],
  ],
  [
    'work of a NIC that is left to the kernel; a sum of others is not told',
    {
      offloads:
        '@@offload eth0\nFeatures for eth0:\nrx-checksumming: on [fixed]\ntx-checksumming: on\n\ttx-checksum-ipv4: off [fixed]\n\ttx-checksum-ip-generic: on',
    },
    {
      offloads:
        '@@offload eth0\nFeatures for eth0:\nrx-checksumming: on [fixed]\ntx-checksumming: off\n\ttx-checksum-ipv4: off [fixed]\n\ttx-checksum-ip-generic: off',
    },
    [
      '- offload front tx-checksum-ip-generic on',
      '+ offload front tx-checksum-ip-generic off',
      '> ethtool -K eth0 tx-checksum-ip-generic on',
    ],
  ],
  [
    'a port of FOU, and a policy of IPsec',
    { routing: 'port 6080 gue \n@@rules6' },
    { routing: 'src 0.0.0.0/0 dst 192.168.1.3/32 \\\tdir in action block priority 0 \\\n@@rules6' },
    [
      '- fou port 6080 gue',
      '> ip fou add port 6080 gue',
      '+ xfrm src 0.0.0.0/0 dst 192.168.1.3/32 dir in action block priority 0',
      '> ip xfrm policy delete src 0.0.0.0/0 dst 192.168.1.3/32 dir in',
    ],
  ],
];

for (const [title, before, after, told] of cases) {
  test(title, (t) => {
    t.deepEqual(toldOf(before, after), told);
    t.deepEqual(toldOf(before, before), []);
    t.deepEqual(toldOf(after, after), []);
  });
}

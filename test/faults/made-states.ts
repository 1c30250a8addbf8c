import { backendOf } from '../../scripts/backends/index.ts';
import { commandsOf, type Place } from '../../scripts/faults/fault.ts';
import { heldVips } from '../../scripts/faults/held-vips.ts';
import { ipvsadmName, tableOf } from '../../scripts/ipvs/rules.ts';
import { hostCidr } from '../../scripts/model/addresses.ts';
import { gatewaysOf } from '../../scripts/plan/gateways.ts';
import { nicOn, type Plan, theNode, vipsOf } from '../../scripts/plan/plan.ts';
import { siteRoot } from '../../scripts/plan/site.ts';
import { tunnelDevice } from '../../scripts/plan/tunnel-device.ts';
import { tableFacts } from '../../scripts/state/sources/ipvs.ts';
import type { StateEntry } from '../../scripts/state/state.ts';
import { fact } from '../diagnosis/evidence.ts';
import { tablesMade } from './nft-listing.ts';

type States = [before: StateEntry[], after: StateEntry[]];
type Made = (plan: Plan, place: Place) => States;

/** What the commands of a fault make of the state of its node, as far as the state shows it: by the fault's id. */
export const made: Record<string, Made> = {
  'accept-queue-full': file(
    '/etc/apache2/conf-enabled/site-workers.conf',
    undefined,
    'ListenBacklog 1\n<IfModule mpm_event_module>\nMaxRequestWorkers 1\n</IfModule>',
  ),
  'arp-announce-missing': arp(['announce']),
  'arp-ignore-missing': arp(['ignore']),
  'arp-sysctls-missing': arp(['ignore', 'announce']),
  'blackhole-route': (plan) => [[], [fact('route', address(plan, 'client'), 'blackhole')]],
  'check-lies': file('/etc/ha.d/ldirectord.cf', 'checktype=negotiate', 'checktype=on'),
  'check-page-wrong': (plan) => {
    const path = plan.health?.by === 'keepalived' ? '/etc/keepalived/keepalived.conf' : '/etc/ha.d/ldirectord.cf';
    const [was, is] =
      plan.health?.by === 'keepalived' ? ['path /', 'path /no-such-page'] : ['request="/"', 'request="no-such-page"'];
    return [[...tableFacts(plan.services.map(tableOf), plan), fact('file', path, was)], [fact('file', path, is)]];
  },
  'checker-dead': (plan) =>
    plan.health?.by === 'keepalived' ? process('keepalived.service', 'stopped') : process('ldirectord.service'),
  'clock-daemon-down': () => process('chrony.service'),
  'daemon-down': (_, { make }) => process(unitOf(make)),
  'daemon-stopped': (_, { make }) => process(unitOf(make), 'stopped'),
  'database-password-wrong': file(
    '/etc/wordpress/config-default.php',
    "define('DB_PASSWORD', 'lvs-lab');",
    "define('DB_PASSWORD', 'wrong');",
  ),
  'director-address-twice': (plan, { nodes }) => {
    const nic = plan.nodes.find(({ name }) => name === nodes[0])?.nics[0];
    const own = theNode(plan, 'director').nics.find(({ network }) => network === nic?.network);
    return [[], [fact('address', `${nic?.network} ${own?.address}/${own?.prefix}`, 'scope global')]];
  },
  'director-vip-missing': (plan) => [[vipOn(plan, 'front')], []],
  'director-vip-on-lo': (plan) => [[vipOn(plan, 'front')], [vipOn(plan, 'lo')]],
  'disk-full': () => [[], [fact('disk', siteRoot.replace(/\/[^/]*$/, ''), 'full')]],
  'export-withdrawn': file('/var/lib/nfs/etab', '/srv/site 172.16.1.0/24(rw)', ''),
  'firewall-forward-drop': (plan) => {
    const family = plan.family === 6 ? 'ip6' : 'ip';
    return [
      [],
      [fact('nft', `chain ${family} filter FORWARD`, 'type filter hook forward priority filter; policy drop;')],
    ];
  },
  'firewall-legacy': (plan, { make }) => {
    const [, rule = ''] = /-I (INPUT .* -j DROP)/.exec(runOf(make)) ?? [];
    const line = `-A ${rule.replace('-p tcp', '-p tcp -m tcp')}`;
    const tool = plan.family === 6 ? 'ip6tables' : 'iptables';
    return [[], [fact(tool, `filter ${line}`), fact(tool, 'filter rules INPUT', line)]];
  },
  'forwarding-off': (plan) =>
    sysctl(plan.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward', '1', '0'),
  'gateway-missing': (plan, { nodes }) => [[defaultRoute(plan, nodes[0], true)], []],
  'gateway-wrong': (plan, { nodes }) => [[defaultRoute(plan, nodes[0], true)], [defaultRoute(plan, nodes[0], false)]],
  'gue-port-closed': () => [[fact('fou', 'port 6080 gue')], []],
  'helper-missing': (plan) => {
    const helpers = plan.services.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ backend }) => backendOf(backend).helper ?? []),
    );
    return [helpers.map(({ module }) => fact('module', module)), []];
  },
  'ipvs-drops-packets': () => {
    const [drop, rate] = ['net.ipv4.vs.drop_packet', 'net.ipv4.vs.am_droprate'];
    return [
      [fact('sysctl', drop, '0'), fact('sysctl', rate, '10')],
      [fact('sysctl', drop, '3'), fact('sysctl', rate, '2')],
    ];
  },
  'listen-port-wrong': () => [[fact('socket', 'tcp 0.0.0.0:80')], [fact('socket', 'tcp 0.0.0.0:10080')]],
  'wrong-listen': () => [[fact('socket', 'tcp 0.0.0.0:80')], [fact('socket', 'tcp 192.168.1.4:80')]],
  'load-ignored': file('/etc/keepalived/weigh', 'answer=$(nc -d)\nexit 3', 'exit 0'),
  'marks-missing': () => [[fact('nft', 'table inet lvs_lab_marks')], []],
  'method-wrong': inTable((value) => (value.startsWith('-m') ? '-g -w 1' : '-m -w 1')),
  'neighbour-wrong': (_, { make }) => {
    const [, of = '', mac = ''] = /replace (\S+) lladdr (\S+)/.exec(runOf(make)) ?? [];
    return [[], [fact('neighbour', `${of} dev front`, `lladdr ${mac} permanent`)]];
  },
  'nfs-server-down': () => [
    [fact('process', 'nfsd', 'runs'), fact('file', '/var/lib/nfs/etab', '/srv/site 172.16.1.0/24(rw)')],
    [fact('file', '/var/lib/nfs/etab', '')],
  ],
  'nic-address-wrong': (plan, { nodes }) => {
    const nic = plan.nodes.find(({ name }) => name === nodes[0])?.nics[0];
    return [
      [fact('link', `${nic?.network} mac`, nic?.mac)],
      [fact('link', `${nic?.network} mac`, '02:00:00:00:00:77')],
    ];
  },
  'nic-delay': (plan, place) => [[], [fact('qdisc', `${network(plan, place)} root`, 'netem limit 1000 delay 750ms')]],
  'nic-loss': (plan, place) => [[], [fact('qdisc', `${network(plan, place)} root`, 'netem limit 1000 loss 40%')]],
  'nic-down': (plan, place) => link(`${network(plan, place)} up`, 'yes', 'no'),
  'nic-forwarding-off': (plan, { nodes }) => {
    const inside = plan.nodes.find(({ name }) => name === nodes[0])?.nics.find((nic) => nic.network !== 'front');
    return sysctl(`net.ipv4.conf.${inside?.network}.forwarding`, '1', '0');
  },
  'one-packet-off': (plan) => {
    const name = plan.services.filter(({ ops }) => ops).map(ipvsadmName)[0] ?? '';
    return [[fact('ipvs', name, '-s rr -o')], [fact('ipvs', name, '-s rr')]];
  },
  'page-empty': file('/var/www/html/index.html', 'rs1', ''),
  'page-error': file('/etc/apache2/conf-enabled/site-error.conf', undefined, 'RedirectMatch 500 .*'),
  'page-forbidden': () => [
    [fact('mode', '/var/www/html/index.html', '644 0:0')],
    [fact('mode', '/var/www/html/index.html', '600 0:0')],
  ],
  'page-slow': file(
    '/etc/apache2/conf-enabled/site-slow.conf',
    undefined,
    'ExtFilterDefine late mode=output cmd="/bin/sh -c \'sleep 2; exec cat\'"',
  ),
  'persistence-left': ofService((value) => `${value} -p 300`),
  'php-down': () => process('php8.2-fpm.service'),
  'proxy-arp': () => [
    [fact('sysctl', 'net.ipv4.ip_forward', '0'), fact('sysctl', 'net.ipv4.conf.front.proxy_arp_pvlan', '0')],
    [fact('sysctl', 'net.ipv4.ip_forward', '1'), fact('sysctl', 'net.ipv4.conf.front.proxy_arp_pvlan', '1')],
  ],
  'router-rp-filter-strict': () => sysctl('net.ipv4.conf.all.rp_filter', '0', '1'),
  'rp-filter-all-strict': () => sysctl('net.ipv4.conf.all.rp_filter', '0', '1'),
  'rp-filter-loose': (plan, { nodes }) => {
    const connected = fact('route', plan.networks[0]?.cidr ?? '', 'dev front proto kernel scope link');
    const [before, after] = sysctl(filterOf(plan, nodes[0]), '0', '2');
    return [
      [connected, ...before],
      [connected, ...after],
    ];
  },
  'rp-filter-strict': (plan, { nodes }) => sysctl(filterOf(plan, nodes[0]), '0', '1'),
  'rule-prohibits': (plan) => {
    const start = plan.family === 6 ? '-6 ' : '';
    return [[], [fact('rule', `${start}priority 77 from all to ${address(plan, 'client')} prohibit`)]];
  },
  'scheduler-wrong': ofService((value) => value.replace(/-s \S+/, '-s sh')),
  'server-missing': inTable(() => undefined),
  'server-port-wrong': (plan, { make }) => {
    const [before, after] = inTable(() => undefined)(plan, { make } as Place);
    const [gone] = before.filter(({ key }) => !after.some((one) => one.key === key));
    return [before, [...after, fact('ipvs', gone?.key.replace(/:\d+$/, ':10080') ?? '', gone?.value)]];
  },
  'service-missing': (plan) => {
    const [first, ...rest] = plan.services.map(tableOf);
    return [tableFacts(first ? [first, ...rest] : rest, plan), tableFacts(rest, plan)];
  },
  'site-files-unmounted': () => [[fact('mount', siteRoot, 'nfs nfs4 rw')], []],
  'small-mtu': (plan, place) => link(`${network(plan, place)} mtu`, '1500', plan.family === 6 ? '1280' : '576'),
  'source-address-wrong': (plan, { nodes, name }) => {
    const [, server] = name.split(' ');
    const { address: rip = '' } = plan.realServers.find(({ node }) => node === server) ?? {};
    const vip = heldVips(plan).find((held) => held.server.node === server)?.vip;
    const device = plan.nodes.find((one) => one.name === nodes[0])?.nics[0]?.network;
    const key = plan.family === 6 ? `${rip} dev ${device} metric 1024` : rip;
    return [[], [fact('route', key, plan.family === 6 ? `src ${vip}` : `dev ${device} scope link src ${vip}`)]];
  },
  'sync-daemon-missing': () => [[fact('ipvs', 'daemon master', 'mcast=eth0, syncid=1')], []],
  'sync-id-wrong': daemon('mcast=eth0, syncid=1', 'mcast=eth0, syncid=2'),
  'sync-interface-wrong': daemon('mcast=eth0, syncid=1', 'mcast=lo, syncid=1'),
  'threshold-low': inService((value) => `${value} -x 1`),
  'timeouts-short': () => [[fact('ipvs', 'timeouts', '900 120 300')], [fact('ipvs', 'timeouts', '5 2 2')]],
  'tunnel-down': (plan, { nodes }) => link(`${tunnelOf(plan, nodes[0])} up`, 'yes', 'no'),
  'tunnel-type-wrong': inTable(() => '-i -w 1 --tun-type ipip'),
  'vip-elsewhere': (plan, { nodes }) => [[], [vipOn(plan, nodes[0] === theNode(plan, 'client').name ? 'lo' : 'front')]],
  'vip-missing': (plan, { nodes }) => [[heldOn(plan, nodes[0])], []],
  'vip-on-dummy': (plan, { nodes }) => {
    const quiet = [fact('sysctl', 'net.ipv4.conf.all.arp_ignore', '1')];
    const held = heldOn(plan, nodes[0]);
    const dummy = [fact('link', 'vip0', 'dummy'), fact('link', 'vip0 up', 'yes')];
    return [
      [...quiet, held],
      [...quiet, ...dummy, { ...held, key: held.key.replace('lo ', 'vip0 ') }],
    ];
  },
  'vip-on-nic': (plan, { nodes }) => {
    const held = heldOn(plan, nodes[0]);
    return [[held], [held, { ...held, key: held.key.replace(/^\S+/, 'front') }]];
  },
  'vip-wide-prefix': (plan, { nodes }) => {
    const held = heldOn(plan, nodes[0]);
    const { prefix } = nicOn(theNode(plan, 'client'), 'front');
    return [[held], [{ ...held, key: held.key.replace(/\d+$/, String(prefix)) }]];
  },
  'vrrp-daemon-dead': () => process('keepalived.service'),
  'weight-zero': inTable((value) => value.replace(/-w \d+/, '-w 0')),
};

/** Faults whose first command makes a table of nftables. */
for (const id of [
  'firewall-answers-drop',
  'firewall-director-drop',
  'firewall-neighbours-drop',
  'firewall-rejects',
  'firewall-ssh-only',
  'firewall-stateful',
  'icmp-filtered',
  'long-answers-drop',
  'mtu-black-hole',
  'split-brain',
  'marks-changed',
  'source-nat',
]) {
  made[id] = (plan, { make, nodes }) => {
    const tables = commandsOf(make)
      .filter(({ run }) => /nft '|nft "/.test(run))
      .flatMap((command) => tablesMade(command));
    const node = plan.nodes.find(({ name }) => name === nodes[0]);
    const nics = (node?.nics ?? []).map(({ network }, at) => fact('nic', network, `eth${at}`));
    return [nics, [...nics, ...(id === 'source-nat' ? [fact('sysctl', 'net.ipv4.vs.conntrack', '1')] : []), ...tables]];
  };
}

function file(path: string, before: string | undefined, after: string): Made {
  return () => [before === undefined ? [] : [fact('file', path, before)], [fact('file', path, after)]];
}

function sysctl(key: string, before: string, after: string): States {
  return [[fact('sysctl', key, before)], [fact('sysctl', key, after)]];
}

function link(key: string, before: string, after: string): States {
  return [[fact('link', key, before)], [fact('link', key, after)]];
}

function process(key: string, after?: string): States {
  return [[fact('process', key, 'runs')], after === undefined ? [] : [fact('process', key, after)]];
}

function arp(names: ('ignore' | 'announce')[]): Made {
  const value = (name: string) => (name === 'ignore' ? '1' : '2');
  const all = (is: (name: string) => string) =>
    ['ignore', 'announce'].map((name) => fact('sysctl', `net.ipv4.conf.all.arp_${name}`, is(name)));
  return () => [all(value), all((name) => (names.some((one) => one === name) ? '0' : value(name)))];
}

/** The table with another entry of the real server that the commands name. */
function inTable(change: (value: string) => string | undefined): Made {
  return edited(change, true);
}

/** The table with other entries of all real servers of the first service that the commands name. */
function inService(change: (value: string) => string | undefined): Made {
  return edited(change, false);
}

function edited(change: (value: string) => string | undefined, one: boolean): Made {
  return (plan, { make }) => {
    const all = tableFacts(plan.services.map(tableOf), plan);
    const run = runOf(make);
    const servers = all.filter(({ key }) => {
      const [service = '', server = ''] = key.split(' -r ');
      return server !== '' && run.includes(`${service} `) && (!one || run.includes(` ${server}`));
    });
    const chosen = one ? servers.slice(0, 1) : servers;
    const after = all.flatMap((entry) => {
      if (!chosen.includes(entry)) return [entry];
      const value = change(entry.value);
      return value === undefined ? [] : [{ ...entry, value }];
    });
    return [all, after];
  };
}

function ofService(change: (value: string) => string): Made {
  return (plan, { make }) => {
    const all = tableFacts(plan.services.map(tableOf), plan);
    const after = all.map((one) => {
      return !one.key.includes(' -r ') && runOf(make).includes(one.key) ? { ...one, value: change(one.value) } : one;
    });
    return [all, after];
  };
}

function daemon(before: string, after: string): Made {
  return () => [[fact('ipvs', 'daemon master', before)], [fact('ipvs', 'daemon master', after)]];
}

function runOf(make: Place['make']): string {
  return commandsOf(make)
    .map(({ run }) => run)
    .join('\n')
    .replaceAll("'", '');
}

function unitOf(make: Place['make']): string {
  const [, unit = ''] = /(?:stop|STOP|kill .*?) ([\w@-]+)(?:\.service)?$/m.exec(runOf(make)) ?? [];
  return `${unit}.service`;
}

function address(plan: Plan, role: 'client' | 'director'): string {
  return theNode(plan, role).nics[0]?.address ?? '';
}

function network(plan: Plan, { nodes }: Place): string {
  return plan.nodes.find(({ name }) => name === nodes[0])?.nics[0]?.network ?? '';
}

function vipOn(plan: Plan, device: string): StateEntry {
  return fact('address', `${device} ${hostCidr(vipsOf(plan)[0] ?? '')}`, 'scope global');
}

function heldOn(plan: Plan, node = ''): StateEntry {
  const held = heldVips(plan).find(({ server }) => server.node === node);
  return fact('address', `${held?.device} ${hostCidr(held?.vip ?? '')}`, 'scope global');
}

function tunnelOf(plan: Plan, node = ''): string {
  const server = plan.realServers.find((one) => one.node === node);
  return server ? tunnelDevice(server).device : '';
}

function filterOf(plan: Plan, node = ''): string {
  return `net.ipv4.conf.${tunnelOf(plan, node)}.rp_filter`;
}

function defaultRoute(plan: Plan, node = '', right: boolean): StateEntry {
  const { address: gateway = '' } = gatewaysOf(plan).find((one) => one.node === node) ?? {};
  const via = right ? gateway : gateway.replace(/\d+$/, '254');
  return fact(
    'route',
    plan.family === 6 ? '::/0 dev back metric 1024' : 'default',
    `via ${via}${plan.family === 6 ? '' : ' dev back'}`,
  );
}

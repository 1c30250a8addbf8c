import { countOf } from '../../count-of.ts';
import { familyOf, hostCount, isNetworkAddress, networkAround, overlap, prefixOf } from '../addresses.ts';
import { networkOf } from '../network-of.ts';
import { directorOf } from '../nodes.ts';
import { directorName } from '../words.ts';
import type { Report } from './report.ts';

/** Networks that no lab can use. */
const reserved: [cidr: string, why: string][] = [
  ['169.254.0.0/16', 'the kit manages the machines on 169.254.0.0/16'],
  ['0.0.0.0/8', 'hosts cannot have such addresses'],
  ['224.0.0.0/3', 'hosts cannot have such addresses'],
  ['127.0.0.0/8', 'loopback addresses never leave a machine'],
  ['::/16', 'hosts cannot have such addresses'],
  ['fe80::/10', 'a link-local address is known on one NIC only'],
  ['ff00::/8', 'hosts cannot have such addresses'],
];

/** The addresses that a lab certainly needs. It may need more. */
function roomInFront({ file, services, names, problem }: Report): void {
  const { front, back, remote } = file.networks;
  const given = Array.isArray(file.real_servers) ? file.real_servers : [];
  const inFront = names.filter((name, at) => {
    return name !== directorName && networkOf(given[at]?.mode ?? file.mode, { back, remote }) === 'front';
  });
  const held = new Set([directorOf(file).front, ...services.map(({ service }) => service.vip)]);
  const needed = 1 + held.size + inFront.length + Number(file.backup !== undefined) + Number(remote !== undefined);
  const hosts = hostCount(front);
  if (hosts >= needed) return;
  const who = `client, director, VIPs${inFront.length > 0 ? ' and real servers' : ''}`;
  const what = `${front} has room for ${countOf(Number(hosts), 'host')}, and the lab needs ${needed} there: ${who}`;
  const fewer = needed - inFront.length < hosts ? ' or fewer real servers' : '';
  problem(['networks', 'front'], what, `a larger network${fewer}`);
}

export function networks(report: Report): void {
  const { file, modes, examples, problem } = report;
  const { front, back, remote } = file.networks;
  roomInFront(report);
  if (modes.includes('nat')) {
    if (!back) {
      const what =
        'nat needs a back network: in one network the real servers answer the client directly, not through the director';
      if (!file.one_arm) problem(['networks'], what, `back: ${examples.another}; or one_arm: routes, or snat`);
    } else if (overlap(front, back)) problem(['networks', 'back'], `${back} overlaps the front network ${front}`);
  } else if (back) {
    problem(
      ['networks', 'back'],
      `real servers by ${modes.join(' and ')} are in the front network, so no machine is in a back network`,
      'leave back out, or use mode: nat',
    );
  }
  oneArm(report);
  if (!remote) return;
  if (!modes.includes('tun')) {
    problem(
      ['networks', 'remote'],
      `${modes.join(' and ')} cannot reach real servers behind a router: ${modes.includes('dr') ? 'dr changes only the MAC address' : 'the director must be their gateway'}`,
      'mode: tun',
    );
  }
  for (const [name, other] of [
    ['front', front],
    ['back', back],
  ] as const) {
    if (other && overlap(remote, other))
      problem(['networks', 'remote'], `${remote} overlaps the ${name} network ${other}`);
  }
}

/** NAT in one network. */
function oneArm({ file, modes, problem }: Report): void {
  const { one_arm: cure, networks, backup } = file;
  if (!cure) return;
  const at = ['one_arm'];
  const fix = 'leave one_arm out';
  if (!modes.includes('nat')) problem(at, `real servers by ${modes.join(' and ')} answer the client directly`, fix);
  else if (networks.back)
    problem(at, 'the real servers have a network of their own, whose gateway is the director', fix);
  else if (familyOf(networks.front) === 6) {
    // By IPv6 a director redirects real servers to the client, and no sysctl stops it (ip6_forward in net/ipv6/ip6_output.c).
    problem(at, 'the kit sets up nat in one network only with IPv4', 'a back network');
  } else if (backup) {
    problem(at, 'the kit sets up nat in one network only with one director', 'a back network, or no backup');
  }
  if (cure === 'snat' && file.ipvs?.sysctls?.conntrack === 0) {
    const what = 'snat needs conntrack entries for the connections of IPVS';
    problem(['ipvs', 'sysctls', 'conntrack'], what, 'leave conntrack out');
  }
}

/** Rules about each network by itself. */
export function networkAddresses({ file, problem }: Report): void {
  for (const name of ['front', 'back', 'remote'] as const) {
    const cidr = file.networks[name];
    if (!cidr) continue;
    if (!isNetworkAddress(cidr)) {
      const fix = `${name}: ${networkAround(cidr.replace(/\/.*/, ''), prefixOf(cidr))}`;
      problem(['networks', name], `${cidr} is an address in a network, not the network itself`, fix);
    }
    for (const [network, why] of reserved) if (overlap(cidr, network)) problem(['networks', name], why);
  }
}

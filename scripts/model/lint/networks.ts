import { isNetworkAddress, networkAround, overlap, prefixOf } from '../addresses.ts';
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

export function networks({ file, modes, examples, problem }: Report): void {
  const { front, back, remote } = file.networks;
  for (const name of ['front', 'back', 'remote'] as const) {
    const cidr = file.networks[name];
    if (!cidr) continue;
    if (!isNetworkAddress(cidr)) {
      const fix = `${name}: ${networkAround(cidr.replace(/\/.*/, ''), prefixOf(cidr))}`;
      problem(['networks', name], `${cidr} is an address in a network, not the network itself`, fix);
    }
    for (const [network, why] of reserved) if (overlap(cidr, network)) problem(['networks', name], why);
  }
  if (modes.includes('nat')) {
    if (!back) {
      problem(
        ['networks'],
        'nat needs a back network: in one network the real servers answer the client directly, past the director',
        `back: ${examples.another}`,
      );
    } else if (overlap(front, back)) problem(['networks', 'back'], `${back} overlaps the front network ${front}`);
  } else if (back) {
    problem(
      ['networks', 'back'],
      `real servers by ${modes.join(' and ')} are in the front network, so nobody is in a back network`,
      'leave back out, or use mode: nat',
    );
  }
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

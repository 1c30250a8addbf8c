import { isNetworkAddress, networkAround, overlap, prefixOf } from '../addresses.ts';
import type { Report } from './report.ts';

/** Networks that no lab can use: what the kernel, the kit or everybody else has them for. */
const reserved: [cidr: string, why: string][] = [
  ['169.254.0.0/16', '169.254.0.0/16 is used to manage the machines'],
  ['0.0.0.0/8', 'no host can have such an address'],
  ['224.0.0.0/3', 'no host can have such an address'],
  ['127.0.0.0/8', 'loopback addresses never leave a machine'],
  ['::/16', 'no host can have such an address'],
  ['fe80::/10', 'link-local addresses are of one NIC each'],
  ['ff00::/8', 'no host can have such an address'],
];

export function networks({ file, modes, examples, problem }: Report): void {
  const { front, back, remote } = file.networks;
  for (const name of ['front', 'back', 'remote'] as const) {
    const cidr = file.networks[name];
    if (!cidr) continue;
    if (!isNetworkAddress(cidr)) {
      const fix = `${name}: ${networkAround(cidr.replace(/\/.*/, ''), prefixOf(cidr))}`;
      problem(['networks', name], `${cidr} is an address in a network, not a network`, fix);
    }
    for (const [network, why] of reserved) if (overlap(cidr, network)) problem(['networks', name], why);
  }
  if (modes.includes('nat')) {
    if (!back) {
      problem(
        ['networks'],
        'nat needs a back network: on one network the real servers answer the client directly, past the director',
        `back: ${examples.another}`,
      );
    } else if (overlap(front, back)) problem(['networks', 'back'], `${back} overlaps the front network ${front}`);
  } else if (back) {
    problem(
      ['networks', 'back'],
      `${modes.join(' and ')} has its real servers on the director's segment, the front network`,
      'leave back out, or use mode: nat',
    );
  }
  if (!remote) return;
  if (!modes.includes('tun')) {
    problem(
      ['networks', 'remote'],
      `${modes.join(' and ')} cannot reach real servers behind a router: it ${modes.includes('dr') ? 'only changes the MAC' : 'must be their gateway'}`,
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

import { backends } from '../../backends/index.ts';
import { didYouMean } from '../../closest.ts';
import { whyNoHost } from '../addresses.ts';
import { flavourOf } from '../kernels.ts';
import { networkOf, networksOf } from '../network-of.ts';
import { backupName, directorOf, routerOf } from '../nodes.ts';
import { hostExample } from '../reading/examples.ts';
import { namedServers } from '../real-servers.ts';
import type { LabFile } from '../schema/lab-file.ts';
import { placeOfRole, siteOf } from '../site.ts';
import { directorName, type NetworkName, siteRoles } from '../words.ts';
import type { Report } from './report.ts';

/** Rules about a web site that the real servers serve together. */
export const siteRules = [pages, files, places];

function pages({ file, services, problem }: Report): void {
  const site = siteOf(file);
  if (!site) return;
  const key = siteRoles.find((role) => file[role] !== undefined) ?? 'ocfs2';
  const plain = backends.filter((one) => one.pages === 'plain');
  const serving = services.flatMap(({ endpoints }) => endpoints.map(({ backend }) => backend));
  if (!plain.some(({ name }) => serving.includes(name))) {
    const names = plain.map(({ name }) => name).join(' or ');
    const fix = `service: { vip: …, port: ${plain[0]?.port} }`;
    problem([key], `a web site needs a service with backend ${names}`, fix);
  }
  if (site.mysql && !site.php) problem(['mysql'], 'the database needs a PHP server, which runs WordPress', 'php: true');
}

function files({ file, names, problem, warning }: Report): void {
  const site = siteOf(file);
  if (!site) return;
  if (file.ocfs2 && file.nfs !== undefined)
    problem(['ocfs2'], 'the site’s files are either on an NFS server or on a shared disk', 'nfs or ocfs2');
  if (file.ocfs2 && flavourOf(file.kernel) !== 'generic') {
    problem(['ocfs2'], 'Debian’s cloud kernel has no ocfs2', 'kernel: generic');
  }
  for (const [node, kernel] of Object.entries(file.kernels ?? {})) {
    const sharing = names.includes(node) || node === site.php;
    if (!file.ocfs2 || !sharing || typeof kernel !== 'string' || flavourOf(kernel) === 'generic') continue;
    const fix = kernel === 'cloud' ? 'generic' : `${kernel}-generic`;
    problem(['kernels', node], 'Debian’s cloud kernels have no ocfs2', `${node}: ${fix}`);
  }
  if (file.ocfs2 && names.length > 30) {
    problem(
      ['ocfs2'],
      `OCFS2 has journals for 32 nodes here, too few for ${names.length} real servers`,
      '30 real servers at most',
    );
  }
  if (site.files === 'copies' && site.pages === 'wordpress') {
    warning(
      ['mysql'],
      'each machine has its own copy of the site’s files, so only the PHP server has what is uploaded',
      'nfs: true',
    );
  }
}

function places({ file, services, names, modes, problem }: Report): void {
  const site = siteOf(file);
  if (!site) return;
  const where = networksOf(
    modes.map((mode) => ({ local: false, mode })),
    file.networks,
  );
  const [key = 'ocfs2'] = siteRoles.filter((role) => file[role] !== undefined);
  const taken = takenAddresses(file, services);
  if (file.ocfs2 && where.length > 1)
    problem(
      ['ocfs2'],
      'real servers are in several networks, but all nodes of OCFS2 must reach each other',
      'one forwarding method for all',
    );
  if (where.length > 2) problem([key], 'real servers are in three networks, but a machine has only two NICs');
  for (const role of siteRoles) {
    const place = placeOfRole(file, role);
    if (!place) continue;
    const { node, address } = place;
    if (['client', 'router', backupName].includes(node))
      problem([role], `the ${node} cannot serve the site`, 'another node, or director');
    const there = node === directorName || names.includes(node);
    if (there && address) problem([role, 'address'], `${node} has its address already`, 'leave address out');
    const has = placesOf(file, names, node);
    const far = there ? where.filter((network) => !has.includes(network)) : [];
    if (far.length > 0)
      problem([role], `${node} is not in the ${far.join(' and ')} network, where real servers are`, 'another node');
    const near = !there && /^rs\d/.test(node) && didYouMean(node, names);
    if (near) problem([role], `there is no real server ${node}`, near);
    const cidr = file.networks[where[0] ?? 'front'] ?? '';
    const why = address && whyNoHost(address, cidr, 'the real servers’ network');
    if (why) problem([role, 'address'], why, hostExample(file, cidr));
    const owner = (address && taken.get(address)) || node;
    if (owner !== node) problem([role, 'address'], `${address} is taken by ${owner}`);
    if (address) taken.set(address, node);
  }
  const shared = [...names, site.php];
  if (file.ocfs2 && site.mysql && shared.includes(site.mysql)) {
    problem(
      ['mysql'],
      `${site.mysql} has the shared disk, and a machine can have only one disk`,
      'mysql: another node',
    );
  }
}

/** Addresses in the file, each with its owner. */
function takenAddresses(file: LabFile, services: Report['services']): Map<string, string> {
  const { front, back } = directorOf(file);
  const router = routerOf(file);
  const pairs: [string | undefined, string][] = [
    [front, 'the director'],
    [back, 'the director'],
    [router?.front, 'the router'],
    [router?.remote, 'the router'],
    [file.client, 'the client'],
    ...services.map(({ service }): [string, string] => [service.vip, 'the VIP']),
    ...namedServers(file).map(({ name, address }, at): [string | undefined, string] => [
      address,
      name ?? `real server ${at + 1}`,
    ]),
  ];
  return new Map(pairs.flatMap(([address, owner]): [string, string][] => (address ? [[address, owner]] : [])));
}

/** The networks that a machine of the lab is in. */
function placesOf(file: LabFile, names: readonly string[], node: string): NetworkName[] {
  const { networks } = file;
  if (node === directorName) return networks.back ? ['front', 'back'] : ['front'];
  const named = namedServers(file)[names.indexOf(node)];
  return [networkOf(named?.mode ?? file.mode, networks)];
}

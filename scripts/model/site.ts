import { nextFree } from './addresses.ts';
import type { Lab, RealServer, Site, SiteServer } from './lab.ts';
import { networkOf, networksOf } from './network-of.ts';
import type { LabFile } from './schema/lab-file.ts';
import { directorName, type SiteRole, siteRoles } from './words.ts';

/** The node of one of a site's servers, and its address if the file gives one; null without such a server. */
export function placeOfRole(file: LabFile, role: SiteRole): { node: string; address?: string } | null {
  const given = file[role];
  if (given === undefined) return null;
  if (given === true) return { node: role };
  if (typeof given === 'string') return { node: given };
  return { node: given.node ?? role, ...(given.address && { address: given.address }) };
}

/** The web site that a lab file asks for; null without one. */
export function siteOf(file: LabFile): Site | null {
  const nodeOf = (role: SiteRole) => placeOfRole(file, role)?.node ?? null;
  const [nfs, php, mysql] = [nodeOf('nfs'), nodeOf('php'), nodeOf('mysql')];
  if (!nfs && !php && !mysql && !file.ocfs2) return null;
  return {
    files: file.ocfs2 ? 'ocfs2' : nfs ? 'nfs' : 'copies',
    pages: mysql ? 'wordpress' : php ? 'php' : 'static',
    nfs,
    php,
    mysql,
  };
}

/**
 * Nodes that serve only the site: those that it names and that are neither director nor real server. They have an address in each
 * network of real servers, after those of the real servers.
 * @throws RangeError when a network is full
 */
export function siteServersOf(
  file: LabFile,
  networks: Lab['networks'],
  realServers: readonly RealServer[],
  taken: Set<string>,
): SiteServer[] {
  const others = [directorName, ...realServers.map(({ name }) => name)];
  const places = siteRoles
    .flatMap((role) => placeOfRole(file, role) ?? [])
    .filter(({ node }) => !others.includes(node));
  for (const { address } of places) if (address) taken.add(address);
  const where = networksOf(realServers, networks);
  // If the director is the only real server, it is reached in the front network.
  if (where.length === 0) where.push('front');
  return [...new Set(places.map(({ node }) => node))].map((name) => {
    const given = places.find(({ node, address }) => node === name && address)?.address;
    const addresses = where.map((network, index) => {
      const neighbours = realServers.filter(({ local, mode }) => !local && networkOf(mode, networks) === network);
      const address =
        (index === 0 && given) ||
        nextFree(
          networks[network] ?? '',
          neighbours.at(-1)?.address ?? file.networks[network]?.split('/')[0] ?? '',
          taken,
        );
      taken.add(address);
      return { network, address };
    });
    return { name, addresses };
  });
}

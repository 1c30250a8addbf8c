import { backendOf, backends, servesPlainPages } from '../backends/index.ts';
import { bracketed, joinAddress } from '../model/addresses.ts';
import type { Lab, Service, Site } from '../model/lab.ts';
import { networkOf } from '../model/network-of.ts';
import { directorName, type NetworkName } from '../model/words.ts';
import type { PlannedSite } from './plan.ts';

/** The port that an address of plain pages leaves out. */
const plainPort = backends.find(({ pages }) => pages === 'plain')?.port;

/** The port of PHP-FPM. */
export const phpPort = 9000;

/** The folder that has the site's files, on every machine that has them; guest-image/customize.sh compiles them for this one. */
export const siteRoot = '/srv/site';

/** The folder below it that the web server may write. */
export function uploadsOf({ pages }: Pick<Site, 'pages'>): string {
  return pages === 'wordpress' ? 'wp-content/uploads' : 'uploads';
}

/**
 * The port of a site's pages without TLS.
 * @throws Error for a service without such a port
 */
export function httpPortOf(service: Pick<Service, 'endpoints'> | undefined): number {
  const endpoint = service?.endpoints.find(servesPlainPages);
  if (!endpoint) throw new Error('a web site without plain pages');
  return endpoint.port;
}

/** Index of the service whose address is the site's: the first that serves plain pages. */
function serviceOf({ services }: Lab): number {
  return services.findIndex(({ endpoints }) => endpoints.some(servesPlainPages));
}

/** Real servers whose pages are the site's. */
export function webServers({ services }: Lab): string[] {
  const web = services.filter(({ endpoints }) => endpoints.some(({ backend }) => backendOf(backend).pages));
  return [...new Set(web.flatMap(({ destinations }) => destinations.map(({ server }) => server)))];
}

/** Nodes that need the site's files: real servers, where Apache sends files, and the PHP server, which runs programs. */
export function holders(lab: Lab, { php }: Site): string[] {
  return [...new Set([...webServers(lab), ...(php ? [php] : [])])];
}

function addressesOf(lab: Lab, node: string): { network: NetworkName; address: string }[] {
  const { front, back } = lab.director;
  if (node === directorName)
    return [{ network: 'front', address: front }, ...(back ? [{ network: 'back' as const, address: back }] : [])];
  const server = lab.realServers.find(({ name }) => name === node);
  if (server) return [{ network: networkOf(server.mode, lab.networks), address: server.address }];
  return lab.siteServers.find(({ name }) => name === node)?.addresses ?? [];
}

/** The address by which one machine reaches another: one in a network of both. */
export function addressFor(lab: Lab, peer: string, node: string): string {
  const near = addressesOf(lab, peer).map(({ network }) => network);
  const all = addressesOf(lab, node);
  return (all.find(({ network }) => near.includes(network)) ?? all[0])?.address ?? '';
}

/** The disk of a node: a separate one, or the disk that all nodes with the site's files share; undefined without a disk. */
export function diskOf({ site, ...lab }: Lab, node: string): string | undefined {
  if (!site) return undefined;
  if (site.files === 'ocfs2' && holders({ site, ...lab }, site).includes(node)) return 'site';
  return node === site.nfs || node === site.mysql ? node : undefined;
}

export function planSite(lab: Lab): PlannedSite | null {
  const { site } = lab;
  if (!site) return null;
  const service = serviceOf(lab);
  const { vip = '' } = lab.services[service] ?? {};
  const port = httpPortOf(lab.services[service]);
  const { nfs, php, mysql } = site;
  const mounts = holders(lab, site)
    .filter((node) => site.files !== 'copies' && node !== nfs)
    .map((node) => ({ node, source: nfs ? exportFor(lab, node, nfs) : 'ocfs2' }));
  return {
    ...site,
    url: `http://${port === plainPort ? bracketed(vip) : joinAddress(vip, port)}`,
    service,
    mounts,
    database: mysql ? addressFor(lab, php ?? mysql, mysql) : '',
  };
}

/** What a node mounts: the export is the root of the NFS 4 server. */
function exportFor(lab: Lab, node: string, nfs: string): string {
  return `${bracketed(addressFor(lab, node, nfs))}:/`;
}

/** What the web server of a real server needs to know of the site; null if it has none. */
export function siteOfApache(lab: Lab, node: string): { root: string; php: string } | null {
  const { site } = lab;
  if (!site || !webServers(lab).includes(node)) return null;
  return { root: siteRoot, php: site.php ? joinAddress(addressFor(lab, node, site.php), phpPort) : '' };
}

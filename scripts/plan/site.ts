import { backendOf, backends } from '../backends/index.ts';
import { bracketed, joinAddress } from '../model/addresses.ts';
import { directorName, type Endpoint, type Lab, type NetworkName, type Service, type Site } from '../model/lab.ts';
import { networkOf } from '../model/network-of.ts';
import type { PlannedSite } from './plan.ts';
import type { Step } from './scripts.ts';

/** The port that an address of plain pages leaves out. */
const plainPort = backends.find(({ pages }) => pages === 'plain')?.port;

/** Where PHP-FPM listens. */
const phpPort = 9000;

/** The folder that has the site's files, on every machine that has them; guest-image/customize.sh compiles them for this one. */
export const siteRoot = '/srv/site';

/** The folder below it that the web server may write. */
export function uploadsOf({ pages }: Pick<Site, 'pages'>): string {
  return pages === 'wordpress' ? 'wp-content/uploads' : 'uploads';
}

/**
 * The port that pages of a site's service are asked at, without TLS.
 * @throws Error for a service that has none
 */
export function httpPortOf(service: Pick<Service, 'endpoints'> | undefined): number {
  const endpoint = service?.endpoints.find(servesPlainPages);
  if (!endpoint) throw new Error('a web site without plain pages');
  return endpoint.port;
}

/** The one service that a site is told to be at: the first that serves plain pages. */
function serviceOf({ services }: Lab): number {
  return services.findIndex(({ endpoints }) => endpoints.some(servesPlainPages));
}

function servesPlainPages({ backend }: Endpoint): boolean {
  return backendOf(backend).pages === 'plain';
}

/** Real servers whose pages are the site's. */
function webServers({ services }: Lab): string[] {
  const web = services.filter(({ endpoints }) => endpoints.some(({ backend }) => backendOf(backend).pages));
  return [...new Set(web.flatMap(({ destinations }) => destinations.map(({ server }) => server)))];
}

/** Machines that need the files: Apache sends some as they are, PHP runs the others. */
function holders(lab: Lab, { php }: Site): string[] {
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

/** The address by which one machine reaches another: in a network that both are in. */
function addressFor(lab: Lab, peer: string, node: string): string {
  const near = addressesOf(lab, peer).map(({ network }) => network);
  const own = addressesOf(lab, node);
  return (own.find(({ network }) => near.includes(network)) ?? own[0])?.address ?? '';
}

/** The disk of a node, where it has one: its own, or the one that all share. */
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

/** The export is the root of what NFS 4 shows. */
function exportFor(lab: Lab, node: string, nfs: string): string {
  return `${bracketed(addressFor(lab, node, nfs))}:/`;
}

/** What the web server of a real server is told of the site; null where it has none. */
export function siteOfApache(lab: Lab, node: string): { root: string; php: string } | null {
  const { site } = lab;
  if (!site || !webServers(lab).includes(node)) return null;
  return { root: siteRoot, php: site.php ? joinAddress(addressFor(lab, node, site.php), phpPort) : '' };
}

/** Programs that a node needs for the site, each with the Debian packages that have it. */
export function sitePackages(lab: Lab, node: string): Record<string, string> {
  const { site } = lab;
  if (!site) return {};
  const files = node === site.nfs || (site.files !== 'nfs' && holders(lab, site).includes(node));
  return {
    ...(node === site.nfs && { exportfs: 'nfs-kernel-server' }),
    ...(site.nfs && holders(lab, site).includes(node) && { 'mount.nfs4': 'nfs-common' }),
    ...(site.files === 'ocfs2' && holders(lab, site).includes(node) && { 'mkfs.ocfs2': 'ocfs2-tools' }),
    ...(node === site.php && { php: 'php-cli php-fpm php-mysql php-xml php-gd' }),
    ...(node === site.mysql && { mariadbd: 'mariadb-server', nft: 'nftables' }),
    ...(files && site.pages === 'wordpress' && { 'wp-setup': 'wordpress' }),
  };
}

/** The first real server that has the site, as its PHP server asks it. */
function firstServer(lab: Lab, { service }: PlannedSite, php: string): string {
  const first = lab.services[service]?.destinations[0];
  const port = first?.port || httpPortOf(lab.services[service]);
  return `http://${joinAddress(addressFor(lab, php, first?.server ?? ''), port)}`;
}

/** What makes a node serve the site, or have its files. */
export function siteScripts(lab: Lab, node: string): Step[] {
  const { site } = lab;
  const planned = planSite(lab);
  if (!site || !planned) return [];
  const { nfs, php, mysql, pages } = planned;
  const holding = holders(lab, site);
  const files = {
    kind: pages,
    wordpress: pages === 'wordpress',
    phpOnly: pages === 'php',
    plain: pages === 'static',
    root: siteRoot,
    writable: `${siteRoot}/${uploadsOf(planned)}`,
  };
  const mount = planned.mounts.find((one) => one.node === node);
  const ipv6 = lab.family === 6;
  const steps: Step[] = [];
  const own = diskOf(lab, node);
  if (own === node)
    steps.push({ template: 'site/disk', context: { wordpress: pages === 'wordpress' && node === nfs } });
  if (node === nfs) {
    const clients = planned.mounts.map((one) => addressFor(lab, node, one.node));
    steps.push({ template: 'site/export', context: { ...files, clients } });
  }
  if (site.files === 'ocfs2' && holding.includes(node)) {
    const [first = ''] = holding;
    const members = holding.map((name, number) => ({ name, number, address: addressFor(lab, first, name) }));
    // The others find a file system when they mount it.
    const context = { ...files, members, count: members.length, first: node === first };
    steps.push({ template: 'site/ocfs2', phase: node === first ? 'set up' : 'mount', context });
  }
  if (site.files === 'copies' && holding.includes(node)) steps.push({ template: 'site/copy', context: files });
  if (node === mysql) {
    const client = addressFor(lab, node, php ?? node);
    steps.push({ template: 'site/database', context: { address: planned.database, client, ipv6 } });
  }
  if (node === php) {
    const clients = webServers(lab).map((one) => addressFor(lab, node, one));
    const listen = [...new Set(webServers(lab).map((one) => addressFor(lab, one, node)))];
    const address = listen.length > 1 ? (ipv6 ? '::' : '0.0.0.0') : (listen[0] ?? '');
    steps.push({
      template: 'site/php',
      context: {
        root: siteRoot,
        listen: joinAddress(address, phpPort),
        wordpress: pages === 'wordpress',
        fromAfar: nfs !== null && mount !== undefined && pages === 'wordpress',
        clients: clients.join(','),
      },
    });
  }
  if (mount && nfs)
    steps.push({ template: 'site/mount', phase: 'mount', context: { source: mount.source, root: siteRoot } });
  if (node === php && mysql) {
    const context = {
      root: siteRoot,
      url: planned.url,
      server: firstServer(lab, planned, node),
      database: planned.database,
    };
    steps.push({ template: 'site/wordpress', phase: 'on top', context });
  }
  return steps;
}

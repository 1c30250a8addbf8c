import { joinAddress } from '../model/addresses.ts';
import type { Lab } from '../model/lab.ts';
import type { PlannedSite } from './plan.ts';
import type { Step } from './scripts.ts';
import { addressFor, diskOf, holders, httpPortOf, phpPort, planSite, siteRoot, uploadsOf, webServers } from './site.ts';

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

/** URL of the first real server with the site, as the PHP server reaches it. */
function firstServer(lab: Lab, { service }: PlannedSite, php: string): string {
  const first = lab.services[service]?.destinations[0];
  const port = first?.port || httpPortOf(lab.services[service]);
  return `http://${joinAddress(addressFor(lab, php, first?.server ?? ''), port)}`;
}

/** A lab with a web site, and one of its nodes. */
interface SiteNode {
  lab: Lab;
  site: PlannedSite;
  node: string;
}

/** Scripts that make a node serve the site or mount its files. */
export function siteScripts(lab: Lab, node: string): Step[] {
  const site = planSite(lab);
  if (!site) return [];
  const makers = [disk, exported, sharedDisk, copy, database, php, mount, wordpress];
  return makers.flatMap((steps) => steps({ lab, site, node }));
}

/** What the site's files are, for the scripts that make them. */
function filesContext(site: PlannedSite) {
  return {
    kind: site.pages,
    wordpress: site.pages === 'wordpress',
    phpOnly: site.pages === 'php',
    plain: site.pages === 'static',
    root: siteRoot,
    writable: `${siteRoot}/${uploadsOf(site)}`,
  };
}

function mountOf({ site, node }: SiteNode): PlannedSite['mounts'][number] | undefined {
  return site.mounts.find((one) => one.node === node);
}

function disk({ lab, site, node }: SiteNode): Step[] {
  if (diskOf(lab, node) !== node) return [];
  return [{ template: 'site/disk', context: { wordpress: site.pages === 'wordpress' && node === site.nfs } }];
}

function exported({ lab, site, node }: SiteNode): Step[] {
  if (node !== site.nfs) return [];
  const clients = site.mounts.map((one) => addressFor(lab, node, one.node));
  return [{ template: 'site/export', warm: 'site/export-warm', context: { ...filesContext(site), clients } }];
}

function sharedDisk({ lab, site, node }: SiteNode): Step[] {
  const all = holders(lab, site);
  const [first] = all;
  if (site.files !== 'ocfs2' || first === undefined || !all.includes(node)) return [];
  const members = all.map((name, number) => ({ name, number, address: addressFor(lab, first, name) }));
  const context = { ...filesContext(site), members, count: members.length, first: node === first };
  // The first makes the file system; the others find it when they mount it.
  return [{ template: 'site/ocfs2', phase: node === first ? 'set up' : 'mount', context }];
}

function copy({ lab, site, node }: SiteNode): Step[] {
  if (site.files !== 'copies' || !holders(lab, site).includes(node)) return [];
  return [{ template: 'site/copy', context: filesContext(site) }];
}

function database({ lab, site, node }: SiteNode): Step[] {
  if (node !== site.mysql) return [];
  const client = addressFor(lab, node, site.php ?? node);
  return [
    {
      template: 'site/database',
      warm: 'site/database-warm',
      context: { address: site.database, client, ipv6: lab.family === 6 },
    },
  ];
}

function php(one: SiteNode): Step[] {
  const { lab, site, node } = one;
  if (node !== site.php) return [];
  const servers = webServers(lab);
  const listen = [...new Set(servers.map((server) => addressFor(lab, server, node)))];
  const anyAddress = lab.family === 6 ? '::' : '0.0.0.0';
  const address = listen.length > 1 ? anyAddress : (listen[0] ?? '');
  const wordpress = site.pages === 'wordpress';
  const context = {
    root: siteRoot,
    listen: joinAddress(address, phpPort),
    wordpress,
    fromAfar: wordpress && site.nfs !== null && mountOf(one) !== undefined,
    clients: servers.map((server) => addressFor(lab, node, server)).join(','),
  };
  return [{ template: 'site/php', warm: 'site/php-warm', context }];
}

function mount(one: SiteNode): Step[] {
  const found = mountOf(one);
  if (!found || !one.site.nfs) return [];
  return [
    {
      template: 'site/mount',
      warm: 'site/mount-warm',
      phase: 'mount',
      context: { source: found.source, root: siteRoot },
    },
  ];
}

function wordpress({ lab, site, node }: SiteNode): Step[] {
  if (node !== site.php || !site.mysql) return [];
  const context = { root: siteRoot, url: site.url, server: firstServer(lab, site, node), database: site.database };
  return [{ template: 'site/wordpress', phase: 'on top', context }];
}

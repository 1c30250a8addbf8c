import { mapParallel } from '../host/parallel.ts';
import { joinAddress } from '../model/addresses.ts';
import { inUse, type Plan, type PlannedSite, theNode } from '../plan/plan.ts';
import { httpPortOf, siteRoot, uploadsOf } from '../plan/site.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Templates } from '../render/render.ts';
import { secondsSince } from '../report/events.ts';
import { layersStand } from './checks/site-layers.ts';
import type { Hands } from './hands.ts';
import { type OnNode, onNodesOf } from './on-node.ts';
import {
  type PowerCutSeen,
  parseSiteNode,
  parseVisits,
  parseWordPress,
  type SiteSeen,
  type Visit,
} from './site-seen.ts';

/** A page that takes PHP, and what is on the first page. */
const pagesOf = {
  static: { program: '/', words: '<h1>The site</h1>' },
  php: { program: '/index.php', words: 'This page was made by PHP' },
  wordpress: { program: '/wp-includes/version.php', words: '<title>LVS lab</title>' },
} as const;

/**
 * How long a page may take. WordPress' first one reads hundreds of files, and over OCFS2 each of them is a lock that all nodes are
 * asked for: 21 s were seen on emulated machines of a slow host.
 */
const pageSeconds = 180;

/** Programs whose text nobody may get, which do nothing by themselves. */
const programs = ['/wp-includes/version.php'];

/** What every machine has of the site. */
export async function lookAtLayers(
  lab: ProvisionedLab,
  templates: Templates,
  site: PlannedSite,
): Promise<SiteSeen['nodes']> {
  const onNode = onNodesOf(lab, templates, 120_000);
  const parts = partsOf(lab.plan, site);
  const said = await mapParallel([...parts.keys()], connectWidth, (node) =>
    onNode(node, 'site', { ...parts.get(node) }),
  );
  return new Map([...parts.keys()].map((node, index) => [node, parseSiteNode(said[index] ?? '')]));
}

/** What clients get of the site: nothing is asked while a layer is down that it stands on. */
export async function lookAtSite(
  lab: ProvisionedLab,
  templates: Templates,
  site: PlannedSite,
  nodes: SiteSeen['nodes'],
): Promise<SiteSeen> {
  const { plan } = lab;
  const servers = webServersOf(plan, site);
  const onNode = onNodesOf(lab, templates, 300_000 + servers.length * 180_000);
  if (!layersStand(plan, site, nodes)) return { nodes, pages: [], file: undefined, wordpress: undefined };
  const pages = await visitSite(plan, onNode, site, servers.length + 1);
  const file = site.files === 'copies' ? undefined : await writeAndRead(lab, onNode, site, servers);
  const client = theNode(plan, 'client').name;
  const each = programs.flatMap((program) => servers.map(() => program));
  const context = { url: site.url, token: token(), programs: each, seconds: pageSeconds };
  const wordpress = site.pages === 'wordpress' ? parseWordPress(await onNode(client, 'wordpress', context)) : undefined;
  return { nodes, pages, file, wordpress };
}

/** Asks for the site's first page, so many times. */
export async function visitSite(plan: Plan, onNode: OnNode, site: PlannedSite, count: number): Promise<Visit[]> {
  const { words } = pagesOf[site.pages];
  const visits = Array.from({ length: count }, () => ({ kind: 'page', words, url: `${site.url}/` }));
  return parseVisits(await onNode(theNode(plan, 'client').name, 'visits', { visits, seconds: pageSeconds }));
}

/** Cuts the power of the database's machine, starts it again, and asks for a page that was there before. */
export async function cutPower(
  lab: ProvisionedLab,
  templates: Templates,
  site: PlannedSite,
  hands: Hands,
  post: string,
): Promise<PowerCutSeen | undefined> {
  const { plan } = lab;
  const node = site.mysql;
  if (!node || !post || plan.nodes.find(({ name }) => name === node)?.role !== 'site-server') return undefined;
  const start = performance.now();
  await hands.kill(node);
  await hands.start(node);
  const onNode = onNodesOf(lab, templates, 300_000);
  const visits = [{ kind: 'post-read', words: '<title>lvs-lab', url: `${site.url}/?p=${post}` }];
  const seen = parseVisits(await onNode(theNode(plan, 'client').name, 'visits', { visits, seconds: pageSeconds }));
  return { node, seconds: secondsSince(start), visits: seen };
}

/** A word that no page had before. */
function token(): string {
  return `lvs-lab-${Date.now().toString(36)}`;
}

/** Real servers that have the site, and get requests. */
function webServersOf(plan: Plan, { service }: PlannedSite): string[] {
  return inUse(plan.services[service]).map(({ server }) => server);
}

/** What each machine is asked, by templates/verify/site.hbs. */
function partsOf(plan: Plan, site: PlannedSite): Map<string, Record<string, unknown>> {
  const { mounts, nfs, php, mysql, service, database } = site;
  const nodes = new Set([...mounts.map(({ node }) => node), nfs, php, mysql, ...webServersOf(plan, site)]);
  const { destinations = [] } = plan.services[service] ?? {};
  const port = httpPortOf(plan.services[service]);
  const parts = [...nodes].flatMap((node): [string, Record<string, unknown>][] => {
    if (!node) return [];
    const web = destinations.find(({ server }) => server === node);
    const units = [
      ...(node === nfs ? ['nfs-server'] : []),
      ...(node === php ? ['php*-fpm'] : []),
      ...(node === mysql ? ['mariadb'] : []),
    ];
    const program =
      web && php ? `http://${joinAddress(web.address, web.port || port)}${pagesOf[site.pages].program}` : '';
    // On the database's own machine nobody needs a door.
    const door = database && node !== mysql && node !== php ? database : '';
    const mounted = mounts.some((one) => one.node === node);
    return [[node, { root: mounted ? siteRoot : '', units, program, door, login: node === php && mysql !== null }]];
  });
  return new Map(parts);
}

/** One real server writes a file as the web server's user; all are asked for it. */
async function writeAndRead(lab: ProvisionedLab, onNode: OnNode, site: PlannedSite, servers: readonly string[]) {
  const [writer = ''] = servers;
  const words = token();
  const folder = uploadsOf(site);
  const { plan } = lab;
  await onNode(writer, 'write', { file: `${siteRoot}/${folder}/${words}.txt`, words });
  const url = `${site.url}/${folder}/${words}.txt`;
  const visits = servers.map(() => ({ kind: 'file', words, url }));
  const seen = parseVisits(await onNode(theNode(plan, 'client').name, 'visits', { visits, seconds: pageSeconds }));
  return { writer, visits: seen };
}

import { mapParallel } from '../host/parallel.ts';
import { joinAddress } from '../model/addresses.ts';
import { inUse, type Plan, type PlannedSite } from '../plan/plan.ts';
import { httpPortOf, siteRoot } from '../plan/site.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Templates } from '../render/render.ts';
import { onNodesOf } from './on-node.ts';
import { parseSiteNode, type SiteNodeSeen } from './site-seen.ts';

/** A page of the site that takes PHP. */
const programOf = {
  static: '/',
  php: '/index.php',
  wordpress: '/wp-includes/version.php',
} as const;

/** What every machine has of the site. */
export async function lookAtLayers(
  lab: ProvisionedLab,
  templates: Templates,
  site: PlannedSite,
): Promise<Map<string, SiteNodeSeen>> {
  const onNode = onNodesOf(lab, templates, 120_000);
  const parts = partsOf(lab.plan, site);
  const said = await mapParallel([...parts], connectWidth, ([node, part]) => onNode(node, 'verify/site', part));
  return new Map([...parts.keys()].map((node, index) => [node, parseSiteNode(said[index] ?? '')]));
}

/** What each machine is asked, by templates/verify/site.hbs. */
function partsOf(plan: Plan, site: PlannedSite): Map<string, Record<string, unknown>> {
  const { mounts, nfs, php, mysql, service, database } = site;
  const planned = plan.services[service];
  const servers = inUse(planned).map(({ server }) => server);
  const nodes = new Set([...mounts.map(({ node }) => node), nfs, php, mysql, ...servers]);
  const port = httpPortOf(planned);
  const parts = [...nodes].flatMap((node): [string, Record<string, unknown>][] => {
    if (!node) return [];
    const web = planned?.destinations.find(({ server }) => server === node);
    const units = [
      ...(node === nfs ? ['nfs-server'] : []),
      ...(node === php ? ['php*-fpm'] : []),
      ...(node === mysql ? ['mariadb'] : []),
    ];
    const program = web && php ? `http://${joinAddress(web.address, web.port || port)}${programOf[site.pages]}` : '';
    // On the database's own machine nobody needs a door.
    const door = database && node !== mysql && node !== php ? database : '';
    const mounted = mounts.some((one) => one.node === node);
    return [[node, { root: mounted ? siteRoot : '', units, program, door, login: node === php && mysql !== null }]];
  });
  return new Map(parts);
}

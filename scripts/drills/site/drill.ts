import { inUse, type Plan, type PlannedSite, theNode } from '../../plan/plan.ts';
import { siteRoot, uploadsOf } from '../../plan/site.ts';
import type { Drill } from '../drill.ts';
import { type OnNode, onNodesOf } from '../shared/on-node.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { pageSeconds, visit, visitFirstPage } from '../shared/visits.ts';
import { judgeSite } from './judge.ts';
import { parseWordPress, type SiteSeen, type WordPressSeen } from './seen.ts';

/** Programs whose text nobody may get, which do nothing by themselves. */
const programs = ['/wp-includes/version.php'];

export const siteDrill: Drill<SiteSeen> = {
  name: 'site',
  about: 'asks for pages of the web site, and writes by one real server what it reads by another',
  checks: ['site-pages', 'site-file', 'site-post', 'site-picture', 'site-session', 'site-source'],
  needs: layerChecks,
  applies: ({ site }) => site !== null,
  async perform({ lab, plan, templates }) {
    const site = siteOf(plan);
    const servers = inUse(plan.services[site.service]).map(({ server }) => server);
    const onNode = onNodesOf(lab, templates, 300_000 + servers.length * 180_000);
    const pages = await visitFirstPage(plan, onNode, site, servers.length + 1);
    const file = site.files === 'copies' ? undefined : await writeAndRead(plan, onNode, site, servers);
    const wordpress = site.pages === 'wordpress' ? await writePost(plan, onNode, site, servers) : undefined;
    return { pages, file, wordpress };
  },
  judge: (plan, seen) => judgeSite(plan, siteOf(plan), seen),
};

function siteOf({ site }: Plan): PlannedSite {
  if (!site) throw new Error('a plan without a site');
  return site;
}

/** One real server writes a file as the web server's user; all are asked for it. */
async function writeAndRead(
  plan: Plan,
  onNode: OnNode,
  site: PlannedSite,
  servers: readonly string[],
): Promise<SiteSeen['file']> {
  const [writer = ''] = servers;
  const words = token();
  const path = `${uploadsOf(site)}/${words}.txt`;
  await onNode(writer, 'drills/site/write', { file: `${siteRoot}/${path}`, words });
  const asked = servers.map(() => ({ kind: 'file', words, url: `${site.url}/${path}` }));
  return { writer, visits: await visit(plan, onNode, asked) };
}

async function writePost(
  plan: Plan,
  onNode: OnNode,
  site: PlannedSite,
  servers: readonly string[],
): Promise<WordPressSeen> {
  const each = programs.flatMap((program) => servers.map(() => program));
  const context = { url: site.url, token: token(), programs: each, seconds: pageSeconds };
  return parseWordPress(await onNode(theNode(plan, 'client').name, 'drills/site/wordpress', context));
}

/** A word that no page had before. */
function token(): string {
  return `lvs-lab-${Date.now().toString(36)}`;
}

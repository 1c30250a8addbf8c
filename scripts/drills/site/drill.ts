import { inUse, type Plan, type PlannedSite, theNode } from '../../plan/plan.ts';
import { siteRoot, uploadsOf } from '../../plan/site.ts';
import { siteOf, siteServiceOf } from '../../plan/web-site.ts';
import type { Drill } from '../drill.ts';
import { type NodeRunner, nodeRunner } from '../shared/node-runner.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { pageSeconds, visit, visitFirstPage } from '../shared/visits.ts';
import { judgeSite } from './judge.ts';
import { parseWordPress, type SiteSeen, type WordPressSeen } from './seen.ts';

/** Programs whose text nobody may get, and which do nothing when they run. */
const programs = ['/wp-includes/version.php'];

export const siteDrill: Drill<SiteSeen> = {
  name: 'site',
  about: 'asks for pages of the web site, writes through one real server, and reads the result through another',
  checks: ['site-pages', 'site-file', 'site-post', 'site-picture', 'site-session', 'site-source'],
  needs: layerChecks,
  applies: ({ site }) => site !== null,
  /** What it writes stays: a file, a post and a picture. */
  async perform(context) {
    const { plan } = context;
    const site = siteOf(plan);
    const servers = inUse(siteServiceOf(plan)).map(({ server }) => server);
    const nodes = nodeRunner(context, { drill: 'site', deadlineMs: 300_000 + servers.length * 180_000 });
    const pages = await visitFirstPage(plan, nodes, site, servers.length + 1);
    const file = site.files === 'copies' ? undefined : await shareFile(plan, nodes, site, servers);
    const wordpress = site.pages === 'wordpress' ? await useWordPress(plan, nodes, site, servers) : undefined;
    return { pages, file, wordpress };
  },
  judge: (plan, seen) => judgeSite(plan, siteOf(plan), seen),
};

/** One real server writes a file as the web server's user, and the client asks each of them for it. */
async function shareFile(
  plan: Plan,
  nodes: NodeRunner,
  site: PlannedSite,
  servers: readonly string[],
): Promise<SiteSeen['file']> {
  const [writer] = servers;
  if (writer === undefined) throw new Error('a web site without real servers');
  const words = newWord();
  const path = `${uploadsOf(site)}/${words}.txt`;
  await nodes.read(writer, 'drills/site/write', { file: `${siteRoot}/${path}`, words });
  const asked = servers.map(() => ({ kind: 'file', words, url: `${site.url}/${path}` }));
  return { writer, visits: await visit(plan, nodes, asked) };
}

/** The client writes a post, sends a picture, logs in, and asks for the text of programs. */
async function useWordPress(
  plan: Plan,
  { read }: NodeRunner,
  site: PlannedSite,
  servers: readonly string[],
): Promise<WordPressSeen> {
  const asked = programs.flatMap((program) => servers.map(() => program));
  const context = { url: site.url, token: newWord(), programs: asked, seconds: pageSeconds };
  return parseWordPress(await read(theNode(plan, 'client').name, 'drills/site/wordpress', context));
}

/** A word that no page has yet. */
function newWord(): string {
  return `lvs-lab-${Date.now().toString(36)}`;
}

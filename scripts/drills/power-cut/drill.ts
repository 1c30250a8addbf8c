import { inUse, type Plan, weightsFollowLoad } from '../../plan/plan.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill, SeenBy } from '../drill.ts';
import { onNodesOf } from '../shared/on-node.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { visit } from '../shared/visits.ts';
import { siteDrill } from '../site/drill.ts';
import { judgePowerCut } from './judge.ts';
import type { PowerCutSeen } from './seen.ts';

export const powerCutDrill: Drill<PowerCutSeen> = {
  name: 'power-cut',
  about: "cuts the power of the database's machine, starts it again, and asks for a post that was written before",
  checks: ['site-power-cut'],
  needs: layerChecks,
  beside: { drill: 'health', when: databaseIsApart },
  applies: ({ site, nodes }, seenBy) => {
    const ofItsOwn = nodes.some(({ name, role }) => name === site?.mysql && role === 'site-server');
    return ofItsOwn && postOf(seenBy) !== undefined;
  },
  async perform({ lab, plan, templates, power, seenBy }) {
    const { site } = plan;
    const post = postOf(seenBy);
    if (!site?.mysql || !post) throw new Error('no post, or no database to read it from');
    const start = performance.now();
    await power.cut(site.mysql);
    await power.restore(site.mysql);
    const page = { kind: 'post-read', words: '<title>lvs-lab', url: `${site.url}/?p=${post}` };
    const visits = await visit(plan, onNodesOf(lab, templates, 300_000), [page]);
    return { node: site.mysql, seconds: secondsSince(start), visits };
  },
  judge: (plan, seen) => [judgePowerCut(plan, seen)],
};

/** The number of the post that clients have written. */
function postOf(seenBy: SeenBy): string | undefined {
  return seenBy(siteDrill)?.wordpress?.post || undefined;
}

/**
 * The database has a machine of its own, the health drill does not stop all real servers yet, whom the post is read from, and
 * nothing measures their load.
 */
function databaseIsApart(plan: Plan): boolean {
  const { site, health, services } = plan;
  if (!site || health?.sorryServer || weightsFollowLoad(plan)) return false;
  return site.mysql !== site.nfs && site.mysql !== site.php && inUse(services[0]).length > 1;
}

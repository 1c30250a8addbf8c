import { inUse, type Plan, weightsFollowLoad } from '../../plan/plan.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill, SeenBy } from '../drill.ts';
import { firstService } from '../shared/drilled-service.ts';
import { nodeRunner } from '../shared/node-runner.ts';
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
    const hasMachine = nodes.some(({ name, role }) => name === site?.mysql && role === 'site-server');
    return hasMachine && postOf(seenBy) !== undefined;
  },
  async perform(context) {
    const { plan, power, seenBy } = context;
    const { site } = plan;
    const post = postOf(seenBy);
    if (!site?.mysql || !post) throw new Error('no database, or no post to read from it');
    const start = performance.now();
    await power.cut(site.mysql);
    await power.restore(site.mysql);
    const nodes = nodeRunner(context, { drill: 'power-cut', deadlineMs: 300_000 });
    const page = { kind: 'post-read', words: '<title>lvs-lab', url: `${site.url}/?p=${post}` };
    const visits = await visit(plan, nodes, [page]);
    return { node: site.mysql, seconds: secondsSince(start), visits };
  },
  judge: (plan, seen) => [judgePowerCut(plan, seen)],
};

/** The number of the post that the site drill has written. */
function postOf(seenBy: SeenBy): string | undefined {
  return seenBy(siteDrill)?.wordpress?.post || undefined;
}

/**
 * True if three things hold. The database's machine has no other role. The health drill does not stop all real servers, since the
 * post is read through one of them. No weight follows the load.
 */
function databaseIsApart(plan: Plan): boolean {
  const { site, health } = plan;
  if (!site || health?.sorryServer || weightsFollowLoad(plan)) return false;
  return site.mysql !== site.nfs && site.mysql !== site.php && inUse(firstService(plan)).length > 1;
}

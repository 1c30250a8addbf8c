import { inUse, type Plan, weightsFollowLoad } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import type { Check } from './check.ts';
import { judgeWrongClock } from './checks/clock.ts';
import { judgeFailover } from './checks/failover.ts';
import { judgeDrill } from './checks/health.ts';
import { judgeLoad } from './checks/load.ts';
import { judgePowerCut, judgeSurvival, judgeWriterKilled } from './checks/site.ts';
import { clockDrill } from './clock-drill.ts';
import { drill } from './drill.ts';
import { drillLoad } from './drill-load.ts';
import { failover } from './failover.ts';
import type { Hands } from './hands.ts';
import { onNodesOf } from './on-node.ts';
import { killWriter } from './shared-disk.ts';
import { cutPower, visitSite } from './site.ts';
import type { PowerCutSeen, SiteSeen } from './site-seen.ts';

/** What a drill works with. */
interface Ground {
  lab: ProvisionedLab;
  plan: Plan;
  templates: Templates;
  hands: Hands;
  /** What was seen of the site; null where there is none, or where a layer is down that it stands on. */
  site: SiteSeen | null;
}

/**
 * Makes machines and daemons fail, and looks at what comes of it: last, and only in a lab that has something to fail over
 * to. Each drill puts back what it took.
 * @param failed ids of the checks that have failed
 */
export async function drills(ground: Ground, failed: readonly string[]): Promise<Check[]> {
  const { lab, plan, templates, hands, site } = ground;
  const checks: Check[] = [];
  const powerCut = async () =>
    plan.site && site ? cutPower(lab, templates, plan.site, hands, site.wordpress?.post ?? '') : undefined;
  let cut: Promise<PowerCutSeen | undefined> | undefined;
  const hasPages = () => {
    if (!cutBeside(plan)) return;
    cut = powerCut();
    cut.catch(() => {}); // awaited below
  };
  try {
    // A real server that is down or out already says nothing of how it is taken out, and the drill would start it again.
    const serversStand = !failed.includes('table') && !failed.includes('reachable');
    if (plan.health && serversStand && (!plan.site || site)) checks.push(...(await healthDrill(ground, hasPages)));
    if (weightsFollowLoad(plan)) checks.push(judgeLoad(plan, await drillLoad(lab, templates)));
    const [clockClient] = plan.clock;
    if (clockClient) checks.push(judgeWrongClock(plan, await clockDrill(lab, clockClient, templates)));
    cut ??= powerCut();
    const seen = await cut;
    if (seen) checks.push(judgePowerCut(plan, seen));
  } finally {
    await cut?.catch(() => {}); // it puts back what it took
  }
  const killed = plan.site && site && (await killWriter(lab, templates, plan.site, hands));
  if (killed) checks.push(judgeWriterKilled(plan, killed));
  // A backup that is not ready takes over nothing.
  if (plan.backup && failed.length === 0) checks.push(...judgeFailover(plan, await failover(lab, templates, hands)));
  return checks;
}

/**
 * Whether the database may go while the health drill goes on, once that has the site's pages: it has a machine of its own, the
 * drill does not stop all real servers yet, whom the post is read from, and nothing measures their load.
 */
function cutBeside(plan: Plan): boolean {
  const { site, health, services } = plan;
  if (!site || health?.sorryServer || weightsFollowLoad(plan)) return false;
  const servers = inUse(services[0]);
  return site.mysql !== site.nfs && site.mysql !== site.php && servers.length > 1;
}

async function healthDrill({ lab, plan, templates }: Ground, hasPages: () => void): Promise<Check[]> {
  const { site } = plan;
  const pages = async () => {
    const visits = site ? await visitSite(plan, onNodesOf(lab, templates, 300_000), site, 1) : [];
    hasPages();
    return visits;
  };
  const seen = await drill(lab, templates, pages);
  const left = inUse(plan.services[0]).filter(({ server }) => server !== seen.server);
  return [
    ...judgeDrill(plan, seen),
    ...(site && left.length > 0 ? [judgeSurvival(plan, seen.server, seen.visits)] : []),
  ];
}

import { patient } from '../../host/patience.ts';
import { inUse, theNode, weightsFollowLoad } from '../../plan/plan.ts';
import type { Drill, DrillContext } from '../drill.ts';
import { type ClientLoad, longestLoad, startLoad } from '../shared/client-load.ts';
import { firstService } from '../shared/drilled-service.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { onNodesOf } from '../shared/on-node.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { visitFirstPage } from '../shared/visits.ts';
import type { Visit } from '../shared/visits-seen.ts';
import { judgeHealth } from './judge.ts';
import { judgeSurvival } from './judge-survival.ts';
import type { HealthSeen } from './seen.ts';
import { type ServerDaemons, serverDaemons } from './server-daemons.ts';

/** Requests that are to be seen in every state. */
const enough = 12;

export const healthDrill: Drill<HealthSeen> = {
  name: 'health',
  about: 'stops a real server, then all of them, and measures how soon the health checks notice and what clients lose',
  checks: ['health-out', 'health-answers', 'health-back', 'sorry', 'site-survives'],
  // A real server that is down or out already says nothing of how it is taken out, and the drill would start it again.
  needs: ['table', 'reachable', ...layerChecks],
  applies: ({ health }) => health !== null,
  perform,
  judge(plan, seen) {
    const others = inUse(plan.services[0]).filter(({ server }) => server !== seen.server);
    const survives = plan.site && others.length > 0 ? [judgeSurvival(plan, seen.server, seen.visits)] : [];
    return [...judgeHealth(plan, seen), ...survives];
  },
};

async function perform(context: DrillContext): Promise<HealthSeen> {
  const { lab, plan, templates } = context;
  const nodes = nodeRunner(lab, templates, { step: 'drill', deadlineMs: (longestLoad + 60) * 1000 });
  const service = firstService(plan);
  const timeouts = { connectMs: patient(1000), answerMs: patient(2000) };
  const daemons = serverDaemons(nodes, plan);
  const load = startLoad(nodes, theNode(plan, 'client').name, service, timeouts);
  try {
    const one = await stopOne(context, daemons, load);
    const all = plan.health?.sorryServer ? await stopAll(daemons, load) : { allOut: undefined, allMended: undefined };
    return { ...one, ...all, requests: await load.stop() };
  } catch (error) {
    await Promise.allSettled([daemons.start(), load.stop()]); // what it took it puts back, however it ends
    throw error;
  }
}

type OneStopped = Omit<HealthSeen, 'requests' | 'allOut' | 'allMended'>;

async function stopOne(context: DrillContext, daemons: ServerDaemons, load: ClientLoad): Promise<OneStopped> {
  const { plan } = context;
  const [server = ''] = daemons.servers;
  await load.mark(enough);
  const failed = await load.mark(0);
  await daemons.stop([server]);
  const secondsOut = await daemons.await([server], 'out');
  const out = await load.mark(enough);
  const visits = await visitSite(context);
  context.startOthers();
  const mended = await load.mark(0);
  await daemons.start([server]);
  const secondsBack = await daemons.await([server], 'back');
  // Its weight may be low while Apache has just started.
  const back = await load.mark(weightsFollowLoad(plan) ? 3 * enough : enough);
  return { server, visits, secondsOut, secondsBack, failed, out, mended, back };
}

async function stopAll(daemons: ServerDaemons, load: ClientLoad): Promise<Pick<HealthSeen, 'allOut' | 'allMended'>> {
  await daemons.stop();
  await daemons.await(daemons.servers, 'out');
  // The last one goes a moment before the sorry server comes: two calls of ldirectord.
  await daemons.awaitSorryServer();
  const allOut = await load.mark(enough);
  const allMended = await load.mark(0);
  await daemons.start();
  await daemons.await(daemons.servers, 'back');
  return { allOut, allMended };
}

/** With one real server out; nothing where the lab has no site. */
async function visitSite({ lab, plan, templates }: DrillContext): Promise<Visit[]> {
  return plan.site ? visitFirstPage(plan, onNodesOf(lab, templates, 300_000), plan.site, 1) : [];
}

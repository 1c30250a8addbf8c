import { patient } from '../../host/patience.ts';
import { healthOf, inUse, theNode, weightsFollowLoad } from '../../plan/plan.ts';
import { isSorry } from '../../plan/sorry-server.ts';
import type { Drill, DrillContext } from '../drill.ts';
import { type ClientLoad, longestLoad, startLoad } from '../shared/client-load.ts';
import { nodeRunner } from '../shared/node-runner.ts';
import { layerChecks } from '../shared/site-layers.ts';
import { visitFirstPage } from '../shared/visits.ts';
import type { Visit } from '../shared/visits-seen.ts';
import { drilledService, hasAskedPages, losesQuorum } from './drilled.ts';
import { judgeHealth } from './judge.ts';
import { judgeSurvival } from './judge-survival.ts';
import type { HealthSeen } from './seen.ts';
import { type ServerDaemons, serverDaemons } from './server-daemons.ts';

/** Requests to be seen in each state. */
const enough = 12;

export const healthDrill: Drill<HealthSeen> = {
  name: 'health',
  about:
    'stops the daemon of one real server, and in a lab with a sorry server then the daemons of all; it measures how soon health checks notice and how many requests fail',
  checks: ['health-out', 'health-answers', 'health-back', 'sorry', 'site-survives'],
  // A real server that is already down cannot show how it is taken out, and the drill would start it.
  needs: ['table', 'reachable', ...layerChecks],
  applies: ({ health }) => health !== null,
  perform,
  judge(plan, seen) {
    const others = inUse(drilledService(plan)).filter(({ server }) => server !== seen.server);
    const survives =
      plan.site && others.length > 0 && !losesQuorum(plan, seen.server)
        ? [judgeSurvival(plan, seen.server, seen.visits)]
        : [];
    return [...judgeHealth(plan, seen), ...survives];
  },
};

/** Where no service has pages, nobody asks: only the director's table is watched. */
const noLoad: ClientLoad = { mark: async () => 0, stop: async () => [] };

async function perform(context: DrillContext): Promise<HealthSeen> {
  const { plan } = context;
  const nodes = nodeRunner(context, { drill: 'health', deadlineMs: (longestLoad + 60) * 1000 });
  const timeouts = { connectMs: patient(1000), answerMs: patient(2000) };
  const daemons = serverDaemons(nodes, plan);
  const service = drilledService(plan);
  const load = hasAskedPages(service) ? startLoad(nodes, theNode(plan, 'client').name, service, timeouts) : noLoad;
  try {
    const one = await stopOne(context, daemons, load);
    const allOut = isSorry(healthOf(plan), service) ? await stopAll(daemons, load) : undefined;
    return { ...one, allOut, requests: await load.stop() };
  } catch (error) {
    await Promise.allSettled([daemons.start(daemons.servers), load.stop()]);
    throw error;
  }
}

async function stopOne(
  context: DrillContext,
  daemons: ServerDaemons,
  load: ClientLoad,
): Promise<Omit<HealthSeen, 'requests' | 'allOut'>> {
  const [server] = daemons.servers;
  if (server === undefined) throw new Error('a service without real servers');
  await load.mark(enough);
  const stoppedAt = await load.mark(0);
  await daemons.stop([server]);
  const secondsOut = await daemons.await([server], 'out');
  const outAt = await load.mark(enough);
  const visits = await visitSite(context);
  context.startOthers();
  const startedAt = await load.mark(0);
  await daemons.start([server]);
  const secondsBack = await daemons.await([server], 'back');
  // Where weights follow the load, a daemon that has just started has a low one.
  const backAt = await load.mark(weightsFollowLoad(context.plan) ? 3 * enough : enough);
  return { server, visits, secondsOut, secondsBack, stoppedAt, outAt, startedAt, backAt };
}

async function stopAll(daemons: ServerDaemons, load: ClientLoad): Promise<HealthSeen['allOut']> {
  await daemons.stop(daemons.servers);
  await daemons.await(daemons.servers, 'out');
  // ldirectord takes the last real server out by one call of ipvsadm, and puts the sorry server in by the next.
  await daemons.awaitSorryServer();
  const from = await load.mark(enough);
  const to = await load.mark(0);
  await daemons.start(daemons.servers);
  await daemons.await(daemons.servers, 'back');
  return { from, to };
}

/** Asks for a page of the web site while one real server is out. */
async function visitSite(context: DrillContext): Promise<Visit[]> {
  const { plan } = context;
  if (!plan.site) return [];
  return visitFirstPage(plan, nodeRunner(context, { drill: 'health', deadlineMs: 300_000 }), plan.site, 1);
}

import { patient } from '../../host/patience.ts';
import { portOf } from '../../ipvs/rules.ts';
import { joinAddress } from '../../model/addresses.ts';
import { healthOf, type Plan, type PlannedService, theNode, weightsFollowLoad } from '../../plan/plan.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill, DrillContext } from '../drill.ts';
import { type ClientLoad, longestLoad, startLoad } from '../shared/client-load.ts';
import { drillable, firstService } from '../shared/drilled-service.ts';
import { type NodeRunner, nodeRunner } from '../shared/node-runner.ts';
import { judgeLoad } from './judge.ts';
import { type LoadSeen, loadBound, type Period, parseWeights, type Weights } from './seen.ts';

/** Requests in a period, and how often the weights are read meanwhile. */
const enough = 32;
const readings = 4;

export const loadDrill: Drill<LoadSeen> = {
  name: 'load',
  about:
    "keeps a real server's CPU busy, and measures how its weight and its share of the requests fall and rise again",
  checks: ['load-weights'],
  needs: [],
  applies: weightsFollowLoad,
  perform,
  judge: (plan, seen) => [judgeLoad(plan, seen)],
};

async function perform(context: DrillContext): Promise<LoadSeen> {
  const { plan } = context;
  const nodes = nodeRunner(context, { drill: 'load', deadlineMs: (longestLoad + 60) * 1000 });
  const service = firstService(plan);
  const [destination] = drillable(plan, service);
  if (!destination) throw new Error('a service without real servers');
  const { server } = destination;
  const bound = Math.ceil(patient(loadBound(healthOf(plan)) * 1000) / 1000);
  const awaitWeight = weightWaiter(nodes, plan, destination, bound);
  const stopWork = () => nodes.run(server, 'touch /run/lvs-lab-busy.stop');

  const timeouts = { connectMs: patient(1000), answerMs: patient(2000) };
  const load = startLoad(nodes, theNode(plan, 'client').name, service, timeouts);
  try {
    await load.mark(3);
    await awaitWeight(`$4 >= ${destination.weight * 4}`);
    const calm = await period(load, awaitWeight);
    const before = calm.weights.at(-1)?.get(server) ?? 0;
    const working = nodes.script(server, 'drills/load/busy', { seconds: 600 });
    working.catch(() => {}); // awaited below
    const { seconds: secondsDown } = await awaitWeight(`$4 * 2 <= ${before}`);
    const busy = await period(load, awaitWeight);
    await stopWork();
    await working;
    const { seconds: secondsBack, weights } = await awaitWeight(`$4 * 2 > ${before}`);
    const requests = await load.stop();
    return { server, requests, calm, busy, bound, secondsDown, secondsBack, weightBack: weights.get(server) };
  } catch (error) {
    await Promise.allSettled([stopWork(), load.stop()]);
    throw error;
  }
}

/**
 * Waits until the real server's weight is as wanted, and reads all weights.
 * @param wanted a condition of awk(1), in which $4 is the weight
 */
type AwaitWeight = (wanted: string) => Promise<{ seconds: number | undefined; weights: Weights }>;

function weightWaiter(
  { script }: NodeRunner,
  plan: Plan,
  { address, port }: PlannedService['destinations'][number],
  seconds: number,
): AwaitWeight {
  const service = firstService(plan);
  const nameOf = (at: string) => service.destinations.find((one) => joinAddress(one.address, one.port) === at)?.server;
  const context = {
    service: joinAddress(service.vip, portOf(service)),
    server: joinAddress(address, port),
    seconds,
  };
  return async (wanted) => {
    const start = performance.now();
    const output = await script(theNode(plan, 'director').name, 'drills/load/await-weight', { ...context, wanted });
    const taken = output.startsWith('late') ? undefined : secondsSince(start);
    return { seconds: taken, weights: parseWeights(output, nameOf) };
  };
}

async function period(load: ClientLoad, awaitWeight: AwaitWeight): Promise<Period> {
  const from = await load.mark(0);
  const weights: Weights[] = [];
  for (let reading = 0; reading < readings; reading++) {
    await load.mark(enough / readings);
    weights.push((await awaitWeight('1')).weights);
  }
  return { from, to: await load.mark(0), weights };
}

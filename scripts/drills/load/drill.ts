import { patient } from '../../host/patience.ts';
import { joinAddress } from '../../model/addresses.ts';
import { type Plan, type PlannedService, theNode, weightsFollowLoad } from '../../plan/plan.ts';
import { secondsSince } from '../../report/events.ts';
import type { Drill, DrillContext } from '../drill.ts';
import { type ClientLoad, longestLoad, startLoad } from '../shared/client-load.ts';
import { drillable, firstService } from '../shared/drilled-service.ts';
import { type NodeRunner, nodeRunner } from '../shared/node-runner.ts';
import { judgeLoad } from './judge.ts';
import { type LoadSeen, loadBound, parseWeights, type Spell, type Weights } from './seen.ts';

/** Requests that make a share, and how often the weights are looked at meanwhile. */
const enough = 32;
const looks = 4;

export const loadDrill: Drill<LoadSeen> = {
  name: 'load',
  about: "keeps a real server's CPU busy and shows that its weight and its share of the requests follow",
  checks: ['load-weights'],
  needs: [],
  applies: weightsFollowLoad,
  perform,
  judge: (plan, seen) => [judgeLoad(plan, seen)],
};

async function perform({ lab, plan, templates }: DrillContext): Promise<LoadSeen> {
  const nodes = nodeRunner(lab, templates, { step: 'drill', deadlineMs: (longestLoad + 60) * 1000 });
  const service = firstService(plan);
  const [loaded] = drillable(plan, service);
  if (!loaded) throw new Error('a service without real servers');
  const { server } = loaded;
  const awaitWeight = weightWaiter(nodes, plan, loaded);
  const relieve = () => nodes.run(server, 'touch /run/lvs-lab-busy.stop');

  const timeouts = { connectMs: patient(1000), answerMs: patient(2000) };
  const load = startLoad(nodes, theNode(plan, 'client').name, service, timeouts);
  try {
    await load.mark(3);
    await awaitWeight(`$4 >= ${loaded.weight * 4}`);
    const calm = await spell(load, awaitWeight);
    const before = calm.weights.at(-1)?.get(server) ?? 0;
    const working = nodes.script(server, 'drills/load/busy', { seconds: 600 });
    working.catch(() => {}); // awaited below
    const { seconds: secondsDown } = await awaitWeight(`$4 * 2 <= ${before}`);
    const busy = await spell(load, awaitWeight);
    await relieve();
    await working;
    const { seconds: secondsBack, weights } = await awaitWeight(`$4 * 2 > ${before}`);
    const requests = await load.stop();
    return { server, requests, calm, busy, secondsDown, secondsBack, weightBack: weights.get(server) };
  } catch (error) {
    await Promise.allSettled([relieve(), load.stop()]); // what it took it puts back, however it ends
    throw error;
  }
}

/** @param wanted a condition of awk(1), of which the weight is $4 */
type AwaitWeight = (wanted: string) => Promise<{ seconds: number | undefined; weights: Weights }>;

function weightWaiter(
  { script }: NodeRunner,
  plan: Plan,
  { address, port }: PlannedService['destinations'][number],
): AwaitWeight {
  const { vip, endpoints, destinations } = firstService(plan);
  const nameOf = (at: string) => destinations.find((one) => joinAddress(one.address, one.port) === at)?.server;
  const context = {
    service: joinAddress(vip, endpoints[0]?.port ?? 0),
    server: joinAddress(address, port),
    seconds: loadBound(plan.health?.interval ?? 0),
  };
  return async (wanted) => {
    const start = performance.now();
    const said = await script(theNode(plan, 'director').name, 'drills/load/await-weight', { ...context, wanted });
    return { seconds: said.startsWith('late') ? undefined : secondsSince(start), weights: parseWeights(said, nameOf) };
  };
}

async function spell(load: ClientLoad, awaitWeight: AwaitWeight): Promise<Spell> {
  const from = await load.mark(0);
  const weights: Weights[] = [];
  for (let look = 0; look < looks; look++) {
    await load.mark(enough / looks);
    weights.push((await awaitWeight('1')).weights);
  }
  return { from, to: await load.mark(0), weights };
}

import { joinAddress } from '../model/addresses.ts';
import { inUse, serversBy } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { drillNodes } from './drill-nodes.ts';
import { type LoadSeen, loadBound, parseWeights, type Spell, type Weights } from './load-seen.ts';

/** Requests that make a share, and how often the weights are looked at meanwhile. */
const enough = 32;
const looks = 4;

/** Keeps the CPU of a real server busy while a client asks. */
export async function drillLoad(lab: ProvisionedLab, templates: Templates): Promise<LoadSeen> {
  const { plan } = lab;
  const { service, director, run, script, mark, ask } = drillNodes(lab, templates);
  const machines = serversBy(plan, 'nat', 'dr', 'tun').map(({ node }) => node);
  const loaded = inUse(service).find(({ server }) => machines.includes(server));
  if (!loaded) throw new Error('a service without real servers');
  const { server } = loaded;
  const nameOf = (address: string) =>
    service.destinations.find((one) => joinAddress(one.address, one.port) === address)?.server;
  const awaitWeight = async (wanted: string) => {
    const start = performance.now();
    const said = await script(director, 'await-weight', {
      service: joinAddress(service.vip, service.endpoints[0]?.port ?? 0),
      server: joinAddress(loaded.address, loaded.port),
      wanted,
      seconds: loadBound(plan.health?.interval ?? 0),
    });
    const seconds = said.startsWith('late') ? undefined : Math.round(performance.now() - start) / 1000;
    return { seconds, weights: parseWeights(said, nameOf) };
  };
  const spell = async (): Promise<Spell> => {
    const from = await mark(0);
    const weights: Weights[] = [];
    for (let look = 0; look < looks; look++) {
      await mark(enough / looks);
      weights.push((await awaitWeight('1')).weights);
    }
    return { from, to: await mark(0), weights };
  };

  const stop = ask();
  await mark(3);
  await awaitWeight(`$4 >= ${loaded.weight * 4}`);
  const calm = await spell();
  const before = calm.weights.at(-1)?.get(server) ?? 0;
  const working = script(server, 'busy', { seconds: 600 });
  working.catch(() => {});
  try {
    const { seconds: secondsDown } = await awaitWeight(`$4 * 2 <= ${before}`);
    const busy = await spell();
    await relieve();
    await working;
    const { seconds: secondsBack, weights } = await awaitWeight(`$4 * 2 > ${before}`);
    return { server, requests: await stop(), calm, busy, secondsDown, secondsBack, weightBack: weights.get(server) };
  } catch (error) {
    await Promise.allSettled([relieve(), stop()]); // what it took it puts back, however it ends
    throw error;
  }

  async function relieve(): Promise<void> {
    await run(server, 'touch /run/lvs-lab-busy.stop');
  }
}

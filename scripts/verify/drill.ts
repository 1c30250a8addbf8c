import { joinAddress } from '../model/addresses.ts';
import { sorryServerOf } from '../plan/health.ts';
import { inUse, nicOn, serversBy, theNode, weightsFollowLoad } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import type { Templates } from '../render/render.ts';
import { drillNodes } from './drill-nodes.ts';
import { backBoundOf, type DrillSeen, mostSlack } from './drill-seen.ts';
import type { Visit } from './site-seen.ts';

/** Requests that are to be seen in every state. */
const enough = 12;

/**
 * Stops real servers while a client asks, and starts them again.
 * @param whileOut what else is to be seen while the first one is out
 */
export async function drill(
  lab: ProvisionedLab,
  templates: Templates,
  whileOut: () => Promise<Visit[]>,
): Promise<DrillSeen> {
  const { plan } = lab;
  const { service, director, run, script, mark, ask } = drillNodes(lab, templates);
  const sorryServer = sorryServerOf(nicOn(theNode(plan, 'director'), 'front').address, service);
  const machines = serversBy(plan, 'nat', 'dr', 'tun').map(({ node }) => node);
  const servers = inUse(service)
    .filter(({ server }) => machines.includes(server))
    .map(({ server }) => server);
  const addressesOf = (names: readonly string[]) =>
    inUse(service)
      .filter(({ server }) => names.includes(server))
      .map(({ address, port }) => joinAddress(address, port));
  const awaitAddresses = (addresses: readonly string[], out: boolean) =>
    script(director, 'await-servers', { servers: addresses, out, seconds: backBoundOf(plan, mostSlack) });
  const awaitTable = async (names: readonly string[], out: boolean) => {
    const start = performance.now();
    const said = await awaitAddresses(addressesOf(names), out);
    return said.trim() === 'done' ? Math.round(performance.now() - start) / 1000 : undefined;
  };
  const systemctl = (names: readonly string[], verb: 'start' | 'stop') =>
    Promise.all(names.map((name) => run(name, `systemctl ${verb} apache2`)));

  const stop = ask();
  try {
    return await watched();
  } catch (error) {
    await Promise.allSettled([systemctl(servers, 'start'), stop()]); // what it took it puts back, however it ends
    throw error;
  }

  async function watched(): Promise<DrillSeen> {
    const [server = ''] = servers;
    await mark(enough);
    const failed = await mark(0);
    await systemctl([server], 'stop');
    const secondsOut = await awaitTable([server], true);
    const out = await mark(enough);
    const visits = await whileOut();
    const mended = await mark(0);
    await systemctl([server], 'start');
    const secondsBack = await awaitTable([server], false);
    // Its weight may be low while Apache has just started.
    const back = await mark(weightsFollowLoad(plan) ? 3 * enough : enough);
    let allOut: number | undefined;
    let allMended: number | undefined;
    if (plan.health?.sorryServer) {
      await systemctl(servers, 'stop');
      await awaitTable(servers, true);
      // The last one goes a moment before the sorry server comes: two calls of ldirectord.
      await awaitAddresses([sorryServer], false);
      allOut = await mark(enough);
      allMended = await mark(0);
      await systemctl(servers, 'start');
      await awaitTable(servers, false);
    }
    const requests = await stop();
    return { server, requests, visits, secondsOut, secondsBack, failed, out, mended, back, allOut, allMended };
  }
}

import { joinAddress } from '../model/addresses.ts';
import { serversBy, theNode } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { renderer, type Templates } from '../render/render.ts';
import { boundOf, type DrillSeen, parseLoad } from './drill-seen.ts';

/** Requests that are to be seen in every state. */
const enough = 12;

/** Stops real servers while a client asks without a pause, and starts them again. */
export async function drill(lab: ProvisionedLab, templates: Templates): Promise<DrillSeen> {
  const { plan } = lab;
  const render = renderer(templates);
  const bound = boundOf(plan);
  const run = async (node: string, command: string, input?: string) => {
    const remote = remoteTo(lab, node);
    const { stdout } = await remote.exec(remote.asRoot(command), {
      deadlineMs: 300_000,
      step: 'drill',
      ...(input !== undefined && { input }),
    });
    return stdout;
  };
  const script = (node: string, template: string, context: Record<string, unknown>) =>
    run(node, 'sh -s', render({ template: `verify/${template}`, context }));
  const client = theNode(plan, 'client').name;
  const director = theNode(plan, 'director').name;
  const [service] = plan.services;
  if (!service) throw new Error('a plan without services');
  const servers = serversBy(plan, 'nat', 'dr', 'tun').map(({ node }) => node);
  const addressesOf = (names: readonly string[]) =>
    service.destinations
      .filter(({ server, weight }) => names.includes(server) && weight > 0)
      .map(({ address, port }) => joinAddress(address, port));
  const awaitTable = async (names: readonly string[], out: boolean) => {
    const start = performance.now();
    const said = await script(director, 'await-servers', { servers: addressesOf(names), out, seconds: bound + 5 });
    return said.trim() === 'done' ? Math.round(performance.now() - start) / 1000 : undefined;
  };
  const systemctl = (names: readonly string[], verb: 'start' | 'stop') =>
    Promise.all(names.map((name) => run(name, `systemctl ${verb} apache2`)));
  /** What time it is for the client; it goes on when so many more requests were made. */
  const mark = async (count: number) => Number(await script(client, 'await-load', { count }));

  const url = `http://${joinAddress(service.vip, service.endpoints[0]?.port ?? 80)}/`;
  const loading = script(client, 'load', { url, seconds: 240 });
  loading.catch(() => {});
  const [server = ''] = servers;
  await mark(3);
  const failed = await mark(0);
  await systemctl([server], 'stop');
  const secondsOut = await awaitTable([server], true);
  const out = await mark(enough);
  const mended = await mark(0);
  await systemctl([server], 'start');
  const secondsBack = await awaitTable([server], false);
  const back = await mark(enough);
  let allOut: number | undefined;
  let allMended: number | undefined;
  if (plan.health?.sorryServer) {
    await systemctl(servers, 'stop');
    await awaitTable(servers, true);
    allOut = await mark(enough);
    allMended = await mark(0);
    await systemctl(servers, 'start');
    await awaitTable(servers, false);
  }
  await run(client, 'touch /run/lvs-lab-load.stop');
  const requests = parseLoad(await loading);
  return { server, requests, secondsOut, secondsBack, failed, out, mended, back, allOut, allMended };
}

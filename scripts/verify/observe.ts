import { ScriptError } from '../errors.ts';
import { lastLines } from '../host/exec.ts';
import { mapParallel } from '../host/parallel.ts';
import { parseConnections } from '../ipvs/parse.ts';
import { nicOn, nodesOf, type Plan, serversBy, theNode } from '../plan/plan.ts';
import { type ProvisionedLab, remoteTo } from '../provision/lab-states.ts';
import { connectWidth } from '../provision/provision.ts';
import { renderer, type Templates } from '../render/render.ts';
import type { Observations } from './observations.ts';
import { parseClient, parseDirector, parseRealServer, sections } from './parse-observations.ts';
import { freshPorts } from './ports.ts';

/** A request that gets no answer takes 2 s to give up; beside them there is the login and the capture. */
const deadlineMs = (plan: Plan) => 30_000 + plan.requests * 5000;

/** Sends the requests and looks at every node: counters before and after, everything else after. */
export async function observe(lab: ProvisionedLab, templates: Templates): Promise<Observations> {
  const { plan } = lab;
  const render = renderer(templates);
  const look = async (node: string, template: string, context: Record<string, unknown>) => {
    const script = render({ template: `verify/${template}`, context });
    const step = `verify/${template}`;
    const remote = remoteTo(lab, node);
    const { code, stdout, stderr } = await remote.exec(remote.asRoot('sh -s'), {
      input: script,
      deadlineMs: deadlineMs(plan),
      step,
    });
    if (code > 128 || stdout === '') {
      throw new ScriptError(`looking at the node ended with exit code ${code}`, {
        node,
        step,
        tail: lastLines(stderr),
      });
    }
    return stdout;
  };

  const director = theNode(plan, 'director').name;
  const realServers = nodesOf(plan, 'real-server');
  const urls = plan.realServers.map(({ address, port }) => `http://${address}:${port}/`);
  const settings = plan.ipvs.timeouts !== null || plan.ipvs.sysctls.length > 0;
  const lookAtDirector = (countersOnly: boolean) => look(director, 'director', { countersOnly, urls, settings });
  const lookAtRealServers = (countersOnly: boolean) =>
    mapParallel(realServers, connectWidth, ({ name, nics }) =>
      look(name, 'real-server', { countersOnly, mac: nics[0]?.mac }),
    );

  // Takes a second of listening, in which the client has nothing else to do.
  const client = theNode(plan, 'client');
  const { mac } = nicOn(client, 'front');
  const { vip, port } = plan.service;
  const arp = look(client.name, 'arp', { mac, vip });
  arp.catch(() => {});

  // Only TUN has something to count on the real servers.
  const [directorBefore, realServersBefore] = await Promise.all([
    lookAtDirector(true),
    serversBy(plan, 'tun').length > 0 ? lookAtRealServers(true) : [],
  ]);
  const known = parseConnections(sections(directorBefore).get('connections') ?? '');
  const firstPort = freshPorts(known, plan.requests, Date.now());
  const endPort = firstPort + plan.requests;
  const asked = await look(client.name, 'client', { mac, vip, port, firstPort, endPort });
  const [directorAfter, realServersAfter] = await Promise.all([lookAtDirector(false), lookAtRealServers(false)]);
  return {
    client: parseClient(asked, await arp, firstPort),
    director: parseDirector(directorBefore, directorAfter),
    realServers: new Map(
      realServers.map(({ name }, index) => [
        name,
        parseRealServer(realServersBefore[index], realServersAfter[index] ?? ''),
      ]),
    ),
  };
}

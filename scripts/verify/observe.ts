import { setTimeout as pause } from 'node:timers/promises';
import { mapParallel } from '../host/parallel.ts';
import { patient } from '../host/patience.ts';
import { type IpvsConnection, parseConnections } from '../ipvs/parse.ts';
import { helpersOf } from '../plan/backends.ts';
import {
  allRequests,
  nicOn,
  nodesOf,
  type Plan,
  type PlannedService,
  serversBy,
  theNode,
  vipsOf,
} from '../plan/plan.ts';
import { tunnelDevice } from '../plan/tunnel-device.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Templates } from '../render/render.ts';
import { answerFilter, askingOf, askingPast, clientOf, portsOf } from './asking.ts';
import { parseFirewall } from './firewall-seen.ts';
import type { Observations } from './observations.ts';
import { type OnNode, onNodesOf } from './on-node.ts';
import {
  type AskedService,
  parseClient,
  parseDirector,
  parseOneOfTwo,
  parseRealServer,
  parseRouter,
  sections,
} from './parse-observations.ts';
import { freshPorts } from './ports.ts';

/** Seconds: `connect` for a connection or a DNS answer, `answer` for a whole answer, `listen` for all answers to an ARP question. */
interface Waiting {
  connect: number;
  answer: number;
  listen: number;
}

/** Whole seconds, longer on a busy computer, at most five times: in a broken lab every request waits that long in vain. */
const moreWhereBusy = (seconds: number) => Math.ceil(Math.min(5 * seconds, patient(seconds * 1000) / 1000));

/** An unanswered request takes up to `answer` seconds; login and capture come on top. */
const deadlineMs = (plan: Plan, { answer }: Waiting) => 60_000 + allRequests(plan) * answer * 1000;

/**
 * IPVS forgets a connection that was reset after 10 s (CLOSE in tcp_timeouts of ip_vs_proto_tcp.c), and curl resets one
 * by HTTPS when the server's close_notify comes late. A slow client asks for longer than that.
 */
const beforeForgottenMs = 4000;

/** Sends the requests and looks at every node: counters before and after, everything else after. */
export async function observe(lab: ProvisionedLab, templates: Templates): Promise<Observations> {
  const { plan } = lab;
  const waiting: Waiting = { connect: moreWhereBusy(2), answer: moreWhereBusy(5), listen: moreWhereBusy(1) };
  const onNode = onNodesOf(lab, templates, deadlineMs(plan, waiting));
  const look: OnNode = (node, name, context) => onNode(node, `verify/${name}`, context);
  const { services } = plan;
  const vips = vipsOf(plan);
  const ipv6 = plan.family === 6;
  const clients = [...new Set(services.map(clientOf))];
  const director = theNode(plan, 'director').name;
  const realServers = nodesOf(plan, 'real-server');
  const past = services.map((service) => {
    const { client, targets, step } = askingPast(service);
    return { client: client.name, targets, step, count: targets.length };
  });
  const settings = plan.ipvs.timeouts !== null || plan.ipvs.sysctls.length > 0;
  const marks = services.some(({ fwmark }) => fwmark > 0);
  const helpers = helpersOf(plan).length > 0;
  const lookAtDirector = (countersOnly: boolean) =>
    look(director, 'director', { countersOnly, waiting, services: past, clients, settings, marks, helpers, ipv6 });
  const lookAtRealServers = (countersOnly: boolean) =>
    mapParallel(realServers, connectWidth, ({ name, nics }) => {
      const server = plan.realServers.find(({ node }) => node === name);
      const tunnel = server?.mode === 'tun' ? tunnelDevice(server).device : '';
      const gue = server?.tunnel === 'gue';
      const clock = plan.clock.some(({ node }) => node === name);
      return look(name, 'real-server', { countersOnly, mac: nics[0]?.mac, tunnel, gue, clock, ipv6 });
    });

  // Listens for a second or a few; the client has nothing else to do meanwhile.
  const client = theNode(plan, 'client');
  const { mac } = nicOn(client, 'front');
  const arp = look(client.name, 'arp', { mac, vips, waiting, ipv6 });
  arp.catch(() => {});
  const gate = nodesOf(plan, 'router')[0];
  const router = gate && look(gate.name, 'router', { nics: gate.nics, ipv6 });
  router?.catch(() => {});
  const backups = nodesOf(plan, 'director').filter(({ name }) => name !== director);
  const bystanders = [...backups, ...nodesOf(plan, 'site-server')];
  const beside = mapParallel(bystanders, connectWidth, ({ name }) => look(name, 'bystander', {}));
  beside.catch(() => {});

  const directors = plan.backup ? nodesOf(plan, 'director') : [];
  const pair = await Promise.all(directors.map((node) => look(node.name, 'vrrp', {})));

  // Only TUN has something to count on the real servers.
  const [directorBefore, realServersBefore] = await Promise.all([
    lookAtDirector(true),
    serversBy(plan, 'tun').length > 0 ? lookAtRealServers(true) : [],
  ]);
  const asked = withPorts(services, parseConnections(sections(directorBefore).get('connections') ?? ''));
  const asking = look(client.name, 'client', {
    mac,
    vips,
    clients,
    waiting,
    filter: answerFilter(services),
    services: asked.map(({ service, firstPort }) => {
      const { client: by, targets, step } = askingOf(service);
      return { client: by.name, targets, step, firstPort, count: service.requests };
    }),
  });
  const meanwhile = await lookDuring(asking, beforeForgottenMs, () => lookAtDirector(true));
  const seen = await asking;
  const [directorAfter, realServersAfter] = await Promise.all([lookAtDirector(false), lookAtRealServers(false)]);
  const besideSaid = await beside;
  return {
    client: parseClient(seen, await arp, asked, vips),
    director: parseDirector(directorBefore, meanwhile, directorAfter, services),
    pair: new Map(directors.map((node, index) => [node.name, parseOneOfTwo(pair[index] ?? '')])),
    router: router && parseRouter(await router),
    realServers: new Map(
      realServers.map(({ name }, index) => [
        name,
        parseRealServer(realServersBefore[index], realServersAfter[index] ?? ''),
      ]),
    ),
    firewalls: new Map([
      [client.name, parseFirewall(seen)],
      [director, parseFirewall(directorAfter)],
      ...(gate && router ? [[gate.name, parseFirewall(await router)] as const] : []),
      ...realServers.map(({ name }, index) => [name, parseFirewall(realServersAfter[index] ?? '')] as const),
      ...bystanders.map(({ name }, index) => [name, parseFirewall(besideSaid[index] ?? '')] as const),
    ]),
  };
}

/** Looks again and again until something is done, and not at all when it is done soon. */
async function lookDuring<T>(work: Promise<unknown>, everyMs: number, look: () => Promise<T>): Promise<T[]> {
  const seen: T[] = [];
  const over = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([over, pause(everyMs, false, { ref: false })]))) seen.push(await look());
  return seen;
}

/** Gives each service a row of source ports that IPVS has no connection from. */
function withPorts(services: readonly PlannedService[], known: readonly IpvsConnection[]): AskedService[] {
  const all = services.reduce((sum, service) => sum + portsOf(service), 0);
  let firstPort = freshPorts(known, all, Date.now());
  return services.map((service) => {
    const own = { service, firstPort, step: askingOf(service).step };
    firstPort += portsOf(service);
    return own;
  });
}

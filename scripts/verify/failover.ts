import type { Backend } from '../backends/backend.ts';
import { backendOf } from '../backends/index.ts';
import { patient } from '../host/patience.ts';
import { parseConnections, readConnections } from '../ipvs/parse.ts';
import { tableOf } from '../ipvs/rules.ts';
import { nicOn, nodesOf, type Plan, type PlannedService, serversBy, theNode } from '../plan/plan.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { renderPlan, type Templates } from '../render/render.ts';
import { parseLoad } from './drill-seen.ts';
import { type FailoverSeen, type HeldLook, type Move, parseHeld } from './failover-seen.ts';
import type { Hands } from './hands.ts';
import { nodeRunner } from './on-node.ts';
import { freshPorts } from './ports.ts';

/** Connections that are held. */
const wanted = 20;

/** On the client. */
const files = { held: '/run/lvs-lab-hold', announced: '/run/lvs-lab-announced' };

/** However the drill ends, what it starts on the client is over after so many seconds. */
const seconds = 900;

/** The service that the drill uses in this way, as the lint asks for. */
export function serviceOf({ services }: Plan, wish: Backend['failover']): PlannedService {
  const found = services.find(({ protocol, fwmark, endpoints }) => {
    return protocol === 'tcp' && fwmark === 0 && endpoints.every(({ backend }) => backendOf(backend).failover === wish);
  });
  if (!found) throw new Error(`a plan of two directors without ${wish}`);
  return found;
}

/** Takes the VIP away from the active director and gives it back, in every way, while a client holds connections and asks. */
export async function failover(lab: ProvisionedLab, templates: Templates, hands: Hands): Promise<FailoverSeen> {
  const { plan } = lab;
  const { run, script } = nodeRunner(lab, templates, { step: 'failover', deadlineMs: 1_200_000 });

  const client = theNode(plan, 'client');
  const { mac } = nicOn(client, 'front');
  const directors = nodesOf(plan, 'director').map(({ name }) => name);
  const [active = '', backup = ''] = directors;
  const both = (work: (node: string) => Promise<unknown>) => Promise.all(directors.map(work));
  const web = serviceOf(plan, 'asked');
  const echo = serviceOf(plan, 'held');
  const port = echo.endpoints[0]?.port ?? 7;

  /** Opens connections, which stay until they are let go. */
  const hold = async () => {
    const remembered = await Promise.all(directors.map((node) => run(node, readConnections)));
    const firstPort = freshPorts(remembered.flatMap(parseConnections), wanted, Date.now());
    const context = { state: files.held, address: echo.vip, port, firstPort, count: wanted, seconds, patience: 30 };
    const held = script(client.name, 'hold', context);
    held.catch(() => {});
    return { firstPort, letGo: () => run(client.name, `touch ${files.held}.stop`).then(() => held) };
  };
  const look = async (): Promise<HeldLook> => {
    const context = { mac, state: files.held, announced: files.announced, vip: echo.vip, seconds: 180 };
    return parseHeld(await script(client.name, 'ask-held', context));
  };
  /** How many of the connections a director knows; waits for the sync daemons, which gather for two seconds. */
  const known = async (node: string, firstPort: number) => {
    const ports = Array.from({ length: wanted }, (_, at) => hexPort(firstPort + at)).join('|');
    const pattern = `^TCP +[0-9A-F]+ (${ports}) .* ESTABLISHED`;
    return Number(await script(node, 'await-known', { pattern, count: wanted, seconds: 60 }));
  };
  let last: HeldLook;
  const move = async (to: string, act: () => Promise<unknown>): Promise<Move> => {
    const before = last;
    await act();
    const limit = (plan.backup?.preemptDelay ?? 0) + 60;
    const moved = (await script(to, 'await-vip', { vip: echo.vip, seconds: limit })).trim() === 'there';
    last = await look();
    const { at: until, held, neighbour, announced } = last;
    return { to, moved, from: before.at, until, held, neighbour, announced: announced.slice(before.announced.length) };
  };
  const keepalived = (verb: 'start' | 'stop') => run(active, `systemctl ${verb} keepalived`);
  const frontMac = nicOn(theNode(plan, 'director'), 'front').mac;
  const link = (state: 'up' | 'down') => script(active, 'link', { mac: frontMac, state });
  const { name, scheduler, options } = tableOf(echo);
  const sloppyTcp = plan.ipvs.sysctls.find((one) => one.name === 'sloppy_tcp')?.value ?? 0;
  /** Of all directors: how they find the real server of a connection that nobody told them of. */
  const schedule = (how: string, sloppy: number) =>
    both((node) => script(node, 'schedule', { service: name, how, sloppy }));
  const syncScripts = renderPlan(plan, templates).filter(({ file }) => file.endsWith('-sync.sh'));
  /** What is right already stays; a director that could not be started again is for `lab up`. */
  const putBack = () =>
    Promise.allSettled([
      run(
        client.name,
        'sh -s',
        `touch /run/lvs-lab-load.stop ${files.held}.stop\nkill "$(cat ${files.announced}.pid)"\n`,
      ),
      schedule(`${scheduler} ${options}`, sloppyTcp),
      ...syncScripts.map(({ node, text }) => run(node, 'sh -s', text)),
      link('up'),
      keepalived('start'),
      // Nobody tells them that the director has closed a connection: their side of it would stay for ever.
      ...serversBy(plan, 'dr', 'tun').map(({ node }) => run(node, "systemctl stop 'lvs-lab-echo-tcp@*'")),
    ]);

  await script(client.name, 'announced', { mac, file: files.announced, seconds });
  const asked = { address: web.vip, port: web.endpoints[0]?.port ?? 80, page: web.page };
  const loading = script(client.name, 'load', {
    ...asked,
    seconds,
    connectTimeout: patient(500) / 1000,
    answerTimeout: patient(2000) / 1000,
  });
  loading.catch(() => {});
  try {
    let holding = await hold();
    last = await look();
    const knownBefore = await known(backup, holding.firstPort);
    const dies: [Move, Move] = [
      await move(backup, () => hands.kill(active)),
      await move(active, () => hands.start(active)),
    ];
    const cutOff: [Move, Move] = [await move(backup, () => link('down')), await move(active, () => link('up'))];
    const leaves: [Move, Move] = [
      await move(backup, () => keepalived('stop')),
      await move(active, () => keepalived('start')),
    ];

    await holding.letGo();
    await both((node) => run(node, 'sh -s', 'ipvsadm --stop-daemon master\nipvsadm --stop-daemon backup\n'));
    holding = await hold();
    last = await look();
    const unsynced = await move(backup, () => keepalived('stop'));

    await holding.letGo();
    await schedule('mh -b mh-port', 1);
    holding = await hold();
    last = await look();
    const sloppy = await move(active, () => keepalived('start'));
    await holding.letGo();
    await run(client.name, 'touch /run/lvs-lab-load.stop');
    const requests = parseLoad(await loading);
    return { wanted, known: knownBefore, dies, cutOff, leaves, unsynced, sloppy, requests };
  } finally {
    await putBack();
  }
}

/** As /proc/net/ip_vs_conn has it. */
function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

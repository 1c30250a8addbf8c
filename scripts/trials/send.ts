import { randomInt } from 'node:crypto';
import type { Client } from '../backends/backend.ts';
import { answers, parseAnswers } from '../checks/looks/answers.ts';
import { askingOf, clientOf, stepOf } from '../checks/looks/asking.ts';
import { lookScript, partsOn, type Requests, type Waiting } from '../checks/looks/script.ts';
import type { Of } from '../experiment/experiment.ts';
import type { Row } from '../experiment/kinds.ts';
import { answerRows, serverAt } from '../experiment/rows.ts';
import { serviceIn } from '../experiment/services.ts';
import { patient } from '../host/patience.ts';
import { freshPorts } from '../ipvs/fresh-ports.ts';
import { type IpvsConnection, parseConnections, readConnections } from '../ipvs/parse.ts';
import { portOf } from '../ipvs/rules.ts';
import { hostCidr } from '../model/addresses.ts';
import { nicOn, nodesOf, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import { renderer, type Templates } from '../render/render.ts';
import { shellQuote } from '../render/shell-quote.ts';

/** Runs shell text on a node as root. @throws ScriptError when it fails */
export type Sh = (node: string, script: string, options: { step: string; deadlineMs?: number }) => Promise<string>;

export interface Sender {
  plan: Plan;
  templates: Templates;
  sh: Sh;
}

type Wish = Of<'send'>;

const moreWhereBusy = (seconds: number) => Math.ceil(Math.min(5 * seconds, patient(seconds * 1000) / 1000));

/** Sends requests from the client, one after the other. @returns a row for each */
export async function send(sender: Sender, wish: Wish): Promise<Row[]> {
  const { plan } = sender;
  const service = serviceIn(plan, wish.service);
  if (!service) throw new Error(`no service ${wish.service}`);
  const ports = await portsOf(sender, service, wish);
  const way = wish.from === undefined ? undefined : await sendFrom(sender, service, wish.from);
  try {
    const printed = await (wish.hold === undefined
      ? ask(sender, service, wish, ports)
      : hold(sender, service, wish.hold, ports));
    const client: Client =
      wish.hold === undefined ? clientOf(service) : { ...clientOf(service), seconds: () => undefined };
    const found = parseAnswers(printed.replace(/^@@(service|look) .*\n/gm, ''), client);
    // curl reports no port for a connection that failed, and for FTP that of the data connection.
    const rows = answerRows(
      service,
      found.map((answer, at) => ({ ...answer, localPort: ports[at] ?? 0 })),
    );
    return withServers(sender, rows);
  } finally {
    await way?.();
  }
}

/** The client's port of each request. */
async function portsOf(sender: Sender, service: PlannedService, { ports, count = 1 }: Wish): Promise<number[]> {
  if (typeof ports === 'object') return ports;
  const each = Math.max(1, stepOf(service));
  const first = ports ?? freshPorts(await known(sender), each * count, randomInt(100_000));
  return Array.from({ length: count }, (_, at) => first + at * each);
}

async function known({ plan, sh }: Sender): Promise<IpvsConnection[]> {
  const texts = await Promise.all(
    nodesOf(plan, 'director').map(({ name }) => sh(name, readConnections, { step: 'trials/connections' })),
  );
  return texts.flatMap(parseConnections);
}

async function ask(sender: Sender, service: PlannedService, { size }: Wish, ports: readonly number[]): Promise<string> {
  const { plan, templates, sh } = sender;
  const waiting: Waiting = { connect: moreWhereBusy(3), answer: moreWhereBusy(6), listen: 1 };
  const client = theNode(plan, 'client');
  const { client: program, targets } = askingOf(plan, service);
  const [count, large] = size === undefined ? [1, 0] : [0, 1];
  // Each request by itself, because its port need not follow that of the one before. Ports of a service are asked in turn.
  const requests: Requests[] = ports.map((firstPort, at) => {
    const target = targets[at % targets.length] ?? '';
    return { client: program.name, targets: [target], firstPort, step: Math.max(1, stepOf(service)), count, large };
  });
  const parts = partsOn(plan, client, [answers], ['during'], { waiting, requests });
  const deadlineMs = 60_000 + ports.length * waiting.answer * 1000;
  return sh(client.name, `${sizeOf(size)}${lookScript(renderer(templates), plan, parts)}`, {
    step: 'trials/send',
    deadlineMs,
  });
}

function sizeOf(size: Wish['size']): string {
  if (size === undefined) return '';
  if (typeof size === 'number') return `bytes=${size}\n`;
  return Object.entries(size)
    .map(([way, bytes]) => `${way}=${bytes}\n`)
    .join('');
}

const stateOf = (name: string) => `/run/lvs-lab-held-${name}`;

async function hold(sender: Sender, service: PlannedService, name: string, ports: readonly number[]): Promise<string> {
  const { plan, templates, sh } = sender;
  const patience = moreWhereBusy(5);
  const context = {
    state: stateOf(name),
    address: service.vip,
    port: portOf(service),
    patience,
    ports: ports.join(' '),
  };
  const script = renderer(templates)({ template: 'trials/hold', context });
  const deadlineMs = 60_000 + ports.length * patience * 1000;
  return sh(theNode(plan, 'client').name, script, { step: 'trials/hold', deadlineMs });
}

/** Closes connections that are held open; nothing if they are closed already. */
export async function close({ plan, sh }: Sender, name: string): Promise<void> {
  const pid = shellQuote(`${stateOf(name)}.pid`);
  const script = `[ ! -e ${pid} ] || { kill "$(cat ${pid})" 2> /dev/null || true; rm -f ${pid}; }`;
  await sh(theNode(plan, 'client').name, script, { step: 'trials/close' });
}

/**
 * Makes the client ask from another address: it takes the address, and a route to the VIP that names it as the source.
 * @returns what takes the route away; the address stays, for connections that are open
 */
async function sendFrom({ plan, sh }: Sender, { vip }: PlannedService, from: string): Promise<() => Promise<void>> {
  const client = theNode(plan, 'client');
  const { address, prefix } = nicOn(client, 'front');
  const route = `ip route replace ${hostCidr(vip)} dev "$nic" src ${from}`;
  const script = [
    `nic=$(ip -oneline address show to ${address} | cut -d ' ' -f 2)`,
    `ip address replace ${from}/${prefix} dev "$nic"${plan.family === 6 ? ' nodad' : ''}`,
    route,
  ].join('\n');
  await sh(client.name, `set -e\n${script}\n`, { step: 'trials/from' });
  return async () => void (await sh(client.name, `ip route delete ${hostCidr(vip)}\n`, { step: 'trials/from' }));
}

/** Names the real server of answers that do not: by the connection from that port. */
async function withServers(sender: Sender, rows: readonly Row[]): Promise<Row[]> {
  if (rows.every(({ server, answered }) => server !== undefined || !answered)) return [...rows];
  const all = await known(sender);
  return rows.map((row) => {
    if (row.server !== undefined || !row.answered) return row;
    const entry = all.find(({ clientPort }) => clientPort === row.port);
    return entry ? { ...row, server: serverAt(sender.plan, entry.realServer) } : row;
  });
}

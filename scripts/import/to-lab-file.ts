import { stringify } from 'yaml';
import type { Backend } from '../backends/backend.ts';
import { type BackendName, backendOf, backends, usualBackend } from '../backends/index.ts';
import { type Family, familyOf, hostAt, isNetmask } from '../model/addresses.ts';
import { guePort } from '../model/defaults.ts';
import type { LabFile, RealServerInFile, ServiceInFile } from '../model/file-schema.ts';
import { directorName, type Mode, schedulerFlags, schedulers, type Tunnel } from '../model/lab.ts';
import {
  fwmarkRange,
  longestTimeout,
  portRange,
  realServerCount,
  serviceCount,
  thresholdRange,
  weightRange,
} from '../model/limits.ts';
import { endpointsOf, protocolOf } from '../model/services.ts';
import { claimsOfBackend, claimsOfMachine, clashOf } from '../model/taken-ports.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';

export interface LabText {
  /** A lab file, with a comment that says what stands for what. */
  text: string;
  /** What the lab does not show, a line each. */
  left: string[];
}

/** Ports of a service by mark, which stands for nobody knows which: those of web pages. */
const markedPorts = backends.flatMap(({ pages, port }) => (pages ? port : []));
const standIns = markedPorts.join(' and ');

/** Networks of the lab's own, by family. */
const networks = {
  4: { front: '192.168.1.0/24', back: '172.16.0.0/16' },
  6: { front: 'fd00:1::/64', back: 'fd00:2::/64' },
};

/** A real server as the lab has it, once, whatever services it belongs to. */
interface Machine {
  /** What it is in the configuration; the director itself may have several addresses there. */
  rips: string[];
  /** The director itself: LocalNode. */
  local: boolean;
  name: string;
  address: string;
  mode: Mode;
  tunnel: Tunnel;
  tunnelPort: number;
}

/** What is known while the lab is made. */
interface Draft {
  family: Family;
  machines: Machine[];
  /** VIP of the configuration → VIP of the lab; a mark has one of its own. */
  vips: Map<string, string>;
  /** Services by protocol, VIP and port, or by mark. */
  names: Set<string>;
  /** `tcp 80 of rs1` → the program there. */
  ports: Map<string, string>;
  left: string[];
}

/**
 * A lab that rehearses a configuration: all its services, as many real servers, with their weights, schedulers,
 * persistence, thresholds and forwarding methods, on addresses of the lab's own.
 * @throws RangeError when there is no service that a lab can show
 */
export function labOf({ services, left }: Imported, from: string): LabText {
  const usable = services.filter(({ servers }) => servers.length > 0);
  const [first] = usable;
  if (!first) {
    const beside = left.length > 0 ? `; of what is there no lab can be made: ${left.slice(0, 3).join(', ')}` : '';
    throw new RangeError(`there is no service with real servers in it${beside}`);
  }
  const draft: Draft = {
    family: first.ipv6 ? 6 : 4,
    machines: [],
    vips: new Map(),
    names: new Set(),
    ports: new Map(),
    left: [...left],
  };
  for (const { title, servers } of services)
    if (servers.length === 0) draft.left.push(`service ${title}: no real server`);
  const ours = usable.filter((service, at) => {
    if (at >= serviceCount.most) draft.left.push(`service ${service.title}: a lab has ${serviceCount.most}`);
    else if (service.ipv6 !== first.ipv6)
      draft.left.push(`service ${service.title}: a lab is of one family of addresses`);
    else return true;
    return false;
  });
  const own = new Set(services.map(({ vip }) => vip));
  const mode = mostFrequent(ours.flatMap(({ servers }) => servers.map(({ forwarding }) => forwarding)));
  for (const service of ours) addMachines(draft, service, own);
  const made = ours.flatMap((service) => serviceOf(draft, service) ?? []);
  const [only] = made;
  if (!only) throw new RangeError(['there is no service that a lab can show', ...draft.left].join('; '));
  const { front, back } = networks[draft.family];
  const file: LabFile = {
    title: (made.length === 1 ? `Rehearses ${first.title}` : `Rehearses ${made.length} services of ${from}`)
      .replace(/\p{C}/gu, ' ')
      .slice(0, 80),
    mode,
    networks: { front, ...(draft.machines.some((one) => one.mode === 'nat') && { back }) },
    real_servers: draft.machines.map((machine) => machineOf(machine, mode)),
    ...(made.length === 1 ? { service: only } : { services: made }),
  };
  draft.left = [...new Set(draft.left)];
  return { text: `${head(draft, from)}${stringify(file, { lineWidth: 0 })}`, left: draft.left };
}

/** @param own addresses of the director that are known: the VIPs */
function addMachines(
  { machines, family, left, ports }: Draft,
  { title, servers }: ImportedService,
  own: ReadonlySet<string>,
): void {
  for (const { address, forwarding, tunnel, tunnelPort } of servers) {
    const local = own.has(address) || /^(127\..*|::1)$/.test(address);
    if (!local && familyOf(address) !== family) left.push(`family of real server ${address}: the lab is IPv${family}`);
    const known = machines.find(({ rips, local: also }) => rips.includes(address) || (local && also));
    if (known) {
      if (!known.rips.includes(address)) known.rips.push(address);
      if (known.mode !== forwarding) {
        left.push(`forwarding method ${forwarding} of ${address} for ${title}: it is ${known.mode} elsewhere`);
      }
      continue;
    }
    if (machines.length === realServerCount.most) {
      left.push(`real server ${address}: a lab has ${realServerCount.most}`);
      continue;
    }
    const at = machines.length;
    const { front, back } = networks[family];
    const plain = family === 6 && tunnel !== 'ipip';
    if (plain) left.push(`tunnel ${tunnel} of ${address}: with IPv6 it becomes IP in IP`);
    const name = local ? directorName : `rs${at + 1}`;
    const strange = tunnel === 'gue' && tunnelPort > portRange.most;
    if (strange) left.push(`tunnel port ${tunnelPort} of ${address}: there is no such port`);
    const gue = strange || tunnelPort === 0 ? guePort : tunnelPort;
    const claims = claimsOfMachine(name, { guePort: tunnel === 'gue' && !plain ? gue : undefined });
    for (const [what, is] of claims) ports.set(what, is);
    machines.push({
      rips: [address],
      local,
      name,
      address: forwarding === 'nat' ? hostAt(back, BigInt(at + 2)) : hostAt(front, BigInt(at + 4)),
      mode: forwarding,
      tunnel: plain ? 'ipip' : tunnel,
      tunnelPort: plain || strange ? 0 : tunnelPort,
    });
  }
}

function machineOf({ name, local, address, mode, tunnel, tunnelPort }: Machine, labMode: Mode): RealServerInFile {
  return {
    name,
    ...(!local && { address }),
    ...(mode !== labMode && { mode }),
    ...(mode === 'tun' && tunnel !== 'ipip' && { tunnel }),
    ...(mode === 'tun' && tunnel === 'gue' && tunnelPort > 0 && { tunnel_port: tunnelPort }),
  };
}

/** A service of the lab; none where a lab has no room for it. */
function serviceOf(draft: Draft, service: ImportedService): ServiceInFile | undefined {
  const { left, vips, names, family } = draft;
  const { title, protocol: kind, scheduler: wanted, granularity, port: number } = service;
  const marked = kind === 'mark';
  const protocol = marked ? 'tcp' : kind;
  if (number > (marked ? fwmarkRange.most : portRange.most))
    return lost(left, title, `there is no ${marked ? 'mark' : 'port'} ${number}`);
  if (marked && number === 0) return lost(left, title, 'mark 0 is none');
  const port = marked ? markedPorts : number || usualBackend(protocol).port;
  const key = marked ? title : service.vip;
  const vip = vips.get(key) ?? hostAt(networks[family].front, BigInt(vips.size === 0 ? 3 : 200 + vips.size));
  const name = marked ? title : `${protocol} ${vip} ${port}`;
  if (names.has(name)) return lost(left, title, 'another service is there already');
  const scheduler = schedulers.find((one) => one === wanted);
  const mask = maskOf(granularity, family);
  const members = service.servers.flatMap((server, at) => {
    const machineOf = (address: string) => draft.machines.find(({ rips }) => rips.includes(address));
    const machine = machineOf(server.address);
    const twice = service.servers.findIndex(({ address }) => machineOf(address) === machine) !== at;
    if (twice) left.push(`${title}: real server ${server.address} for a second time, with port ${server.port}`);
    return machine && !twice ? [memberOf(draft, service, server, machine)] : [];
  });
  if (members.length === 0) return lost(left, title, 'no real server of it is left');
  const nat = members.some((one) =>
    draft.machines.some((machine) => machine.name === one.name && machine.mode === 'nat'),
  );
  const ops = service.ops && protocol === 'udp' && !nat;
  const persistence = Math.min(service.persistence, longestTimeout);
  const flags = schedulerFlags.filter((flag) => service.flags.includes(flag) && flag.startsWith(`${scheduler}-`));
  const bare: ServiceInFile = {
    vip,
    ...(marked && { fwmark: number }),
    port,
    scheduler: scheduler ?? 'wlc',
    ...(flags.length > 0 && { flags }),
    ...(persistence > 0 && { persistence }),
    ...(persistence > 0 && mask && { persistence_granularity: mask }),
    ...(ops && { ops }),
    real_servers: members,
  };
  const made = { ...bare, ...(protocolOf(bare) !== protocol && { protocol }) };
  const wish = backendFor(made);
  const backend = takePorts(draft, made, members, wish);
  if (!backend) return lost(left, title, whyTaken(draft, members, wish.daemon.name));
  vips.set(key, vip);
  names.add(name);
  left.push(
    ...service.left.map((one) => `${title}: ${one}`),
    ...(scheduler ? [] : [`${title}: scheduler ${wanted}, which is not known; wlc stands for it`]),
    ...service.flags.filter((flag) => !flags.some((one) => one === flag)).map((flag) => `${title}: flag ${flag}`),
    ...(persistence < service.persistence
      ? [`${title}: persistence ${service.persistence}; ${persistence} is the most`]
      : []),
    ...(granularity && !mask && granularity !== '128' ? [`${title}: persistence granularity ${granularity}`] : []),
    ...(service.ops && !ops ? [`${title}: one-packet scheduling, which is for UDP and not for nat`] : []),
    ...(marked
      ? [`${title}: which VIP and ports it stands for is not told; ${standIns} of ${vip} stand for them`]
      : []),
    ...(number === 0 ? [`${title}: port 0, every port of the VIP; the lab serves ${port}`] : []),
    ...(marked || number === 0 || isUsual(number, backend) ? [] : [`${title}: what answers there is ${backend.name}`]),
  );
  return { ...made, ...(wish !== backend && { backend: backend.name }) };
}

/** Why the real servers of a service have no room for its ports. */
function whyTaken({ ports }: Draft, members: readonly { name: string }[], daemon: string): string {
  return members.some(({ name }) => ports.has(`${daemon} of ${name}`))
    ? `${daemon} has one port, which is another service's`
    : 'its ports on the real servers are taken by something else';
}

/** What a lab has at the first port of a service, by default. */
function backendFor(service: ServiceInFile): Backend<BackendName> {
  const [first] = endpointsOf(service);
  if (!first) throw new Error('a service without ports');
  return backendOf(first.backend);
}

function lost(left: string[], title: string, why: string): undefined {
  left.push(`service ${title}: ${why}`);
}

/** 128 bits of IPv6, as 32 of IPv4, are no mask. */
function maskOf(granularity: string, family: Family): number | string | undefined {
  if (family === 4) return isNetmask(granularity) ? granularity : undefined;
  const bits = Number(granularity);
  return Number.isInteger(bits) && bits >= 1 && bits <= 127 ? bits : undefined;
}

/** Whether this is what such a port is known for. */
function isUsual(number: number, { port, alsoAt }: Backend): boolean {
  return [port, ...alsoAt].includes(number);
}

function memberOf(
  { left }: Draft,
  { title, protocol, port: servicePort }: ImportedService,
  { address, port, weight, upper, lower }: ImportedServer,
  { name, mode }: Machine,
) {
  const marked = protocol === 'mark';
  const mapped = mode === 'nat' && !marked && port > 0 && port <= portRange.most && port !== servicePort;
  const most = (limit: number, value: number, what: string) => {
    if (value > limit) left.push(`${title}: ${what} ${value} of ${address}; ${limit} is the most`);
    return Math.min(value, limit);
  };
  if (lower > upper) left.push(`${title}: lower threshold ${lower} of ${address}; it is above the upper one`);
  if (!marked && mode !== 'nat' && port > 0 && port !== servicePort) {
    left.push(`${title}: port ${port} of ${address}: ${mode} maps no ports, and clients reach ${servicePort} there`);
  }
  if (marked && port > 0) left.push(`${title}: port ${port} of ${address}: each keeps the port that the client asked`);
  const bounds = {
    upper: most(thresholdRange.most, upper, 'upper threshold'),
    lower: most(thresholdRange.most, lower, 'lower threshold'),
  };
  return {
    name,
    weight: most(weightRange.most, weight, 'weight'),
    ...(mapped && { port }),
    ...(bounds.upper > 0 && { uthreshold: bounds.upper }),
    ...(bounds.lower > 0 && lower <= upper && { lthreshold: bounds.lower }),
  };
}

/** Finds a backend that all real servers of a service have the ports for, and takes them. */
function takePorts(
  { machines, ports }: Draft,
  service: ServiceInFile,
  members: readonly { name: string; port?: number }[],
  wish: Backend<BackendName>,
): Backend<BackendName> | undefined {
  const protocol = protocolOf(service);
  const endpoints = endpointsOf(service);
  const modes = machines.flatMap(({ name, mode }) => (members.some((one) => one.name === name) ? mode : []));
  const candidates = endpoints.length > 1 ? [wish] : [wish, ...backends.filter(({ standsIn }) => standsIn)];
  for (const candidate of candidates) {
    if (
      !candidate.protocols.includes(protocol) ||
      candidate.objection?.({ modes, marked: false, realServers: machines.length })
    )
      continue;
    const claims = members.flatMap(({ name, port: mapped }) =>
      endpoints.flatMap(({ port, backend }) => {
        const one = endpoints.length > 1 ? backendOf(backend) : candidate;
        return claimsOfBackend(name, one, protocol, mapped ?? port);
      }),
    );
    if (clashOf(ports, claims)) continue;
    for (const [what, is] of claims) ports.set(what, is);
    return candidate;
  }
  return undefined;
}

function head({ machines, vips, left }: Draft, from: string): string {
  const lines = [
    `Made by lab import of ${from}.`,
    '',
    ...[...vips].map(([own, vip]) => `${own.startsWith('mark') ? own : `VIP ${own}`} is ${vip} here`),
    'Real servers, in the order they are added:',
    ...machines.map(
      ({ rips, name, local, address }) => `  ${rips.join(' and ')} is ${name}${local ? '' : `, ${address}`}`,
    ),
    ...(left.length > 0 ? ['', 'Not carried over:', ...left.map((loss) => `  ${loss}`)] : []),
  ];
  // Control characters of somebody's file have no place in a comment.
  return `${lines.map((line) => `# ${line.replace(/\p{C}/gu, ' ')}`.trimEnd()).join('\n')}\n`;
}

function mostFrequent(all: readonly Mode[]): Mode {
  const count = (one: Mode) => all.filter((other) => other === one).length;
  return (['nat', 'dr', 'tun'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

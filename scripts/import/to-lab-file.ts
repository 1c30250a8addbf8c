import { stringify } from 'yaml';
import { hostAt, isNetmask } from '../model/addresses.ts';
import type { LabFile, RealServerInFile, ServiceInFile } from '../model/file-schema.ts';
import { type Backend, type Mode, schedulerFlags, schedulers, type Tunnel } from '../model/lab.ts';
import { endpointsOf, protocolOf } from '../model/services.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';

export interface LabText {
  /** A lab file, with a comment that says what stands for what. */
  text: string;
  /** What the lab does not show, a line each. */
  left: string[];
}

const mostServers = 64;
const mostServices = 32;
const heaviest = 65_535;

/** Networks of the lab's own, by family. */
const networks = {
  4: { front: '192.168.1.0/24', back: '172.16.0.0/16' },
  6: { front: 'fd00:1::/64', back: 'fd00:2::/64' },
};

/** A real server as the lab has it, once, whatever services it belongs to. */
interface Machine {
  /** What it is in the configuration. */
  rip: string;
  name: string;
  address: string;
  mode: Mode;
  tunnel: Tunnel;
  tunnelPort: number;
}

/** What is known while the lab is made. */
interface Draft {
  family: 4 | 6;
  machines: Machine[];
  /** VIP of the configuration → VIP of the lab; a mark has one of its own. */
  vips: Map<string, string>;
  /** `tcp 80` → what answers there on the real servers. */
  backends: Map<string, Backend>;
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
  if (!first) throw new RangeError('there is no service with real servers in it');
  const draft: Draft = {
    family: first.ipv6 ? 6 : 4,
    machines: [],
    vips: new Map(),
    backends: new Map(),
    left: [...left],
  };
  for (const { title, servers } of services)
    if (servers.length === 0) draft.left.push(`service ${title}: no real server`);
  const ours = usable.filter((service, at) => {
    if (at >= mostServices) draft.left.push(`service ${service.title}: a lab has ${mostServices}`);
    else if (service.ipv6 !== first.ipv6)
      draft.left.push(`service ${service.title}: a lab is of one family of addresses`);
    else return true;
    return false;
  });
  const mode = mostFrequent(ours.flatMap(({ servers }) => servers.map(({ forwarding }) => forwarding)));
  for (const service of ours) addMachines(draft, service);
  const made = ours.flatMap((service) => serviceOf(draft, service) ?? []);
  const [only] = made;
  if (!only) throw new RangeError('there is no service that a lab can show');
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
  return { text: `${head(draft, from)}${stringify(file, { lineWidth: 0 })}`, left: draft.left };
}

function addMachines({ machines, family, left }: Draft, { title, servers }: ImportedService): void {
  for (const { address, forwarding, tunnel, tunnelPort } of servers) {
    const known = machines.find(({ rip }) => rip === address);
    if (known) {
      if (known.mode !== forwarding) {
        left.push(
          `forwarding method ${forwarding} of ${address} for ${title}: it is ${known.mode} for another service`,
        );
      }
      continue;
    }
    if (machines.length === mostServers) {
      left.push(`real server ${address}: a lab has ${mostServers}`);
      continue;
    }
    const at = machines.length;
    const { front, back } = networks[family];
    const plain = family === 6 && tunnel !== 'ipip';
    if (plain) left.push(`tunnel ${tunnel} of ${address}: with IPv6 it becomes IP in IP`);
    machines.push({
      rip: address,
      name: `rs${at + 1}`,
      address: forwarding === 'nat' ? hostAt(back, BigInt(at + 2)) : hostAt(front, BigInt(at + 4)),
      mode: forwarding,
      tunnel: plain ? 'ipip' : tunnel,
      tunnelPort: plain ? 0 : tunnelPort,
    });
  }
}

function machineOf({ name, address, mode, tunnel, tunnelPort }: Machine, labMode: Mode): RealServerInFile {
  return {
    name,
    address,
    ...(mode !== labMode && { mode }),
    ...(mode === 'tun' && tunnel !== 'ipip' && { tunnel }),
    ...(mode === 'tun' && tunnel === 'gue' && tunnelPort > 0 && { tunnel_port: tunnelPort }),
  };
}

/** A service of the lab; none where something else answers at its port already. */
function serviceOf(draft: Draft, service: ImportedService): ServiceInFile | undefined {
  const { left, vips, family } = draft;
  const { title, protocol, scheduler: wanted, persistence, granularity } = service;
  const marked = protocol === 'mark';
  const scheduler = schedulers.find((name) => name === wanted);
  const key = marked ? title : service.vip;
  const vip = vips.get(key) ?? hostAt(networks[family].front, BigInt(vips.size === 0 ? 3 : 200 + vips.size));
  const mask = family === 6 ? Number(granularity) || undefined : isNetmask(granularity) ? granularity : undefined;
  const ops = service.ops && protocol === 'udp' && draft.machines.every(({ mode }) => mode !== 'nat');
  const members = service.servers.flatMap((server) => {
    const machine = draft.machines.find(({ rip }) => rip === server.address);
    return machine ? [memberOf(service, server, machine)] : [];
  });
  if (members.length === 0) return undefined;
  const flags = schedulerFlags.filter((flag) => service.flags.includes(flag) && flag.startsWith(`${scheduler}-`));
  const made: ServiceInFile = {
    vip,
    ...(marked ? { fwmark: service.port, port: [80, 443] } : { port: service.port || 80 }),
    ...(!marked && protocol !== 'tcp' && { protocol }),
    scheduler: scheduler ?? 'wlc',
    ...(flags.length > 0 && { flags }),
    ...(persistence > 0 && { persistence }),
    ...(persistence > 0 && mask && { persistence_granularity: mask }),
    ...(ops && { ops }),
    real_servers: members,
  };
  const backend = backendOf(draft, service, made, members);
  if (backend === 'none') return undefined;
  vips.set(key, vip);
  left.push(
    ...service.left.map((one) => `${title}: ${one}`),
    ...(scheduler ? [] : [`${title}: scheduler ${wanted}, which is not known; wlc stands for it`]),
    ...(granularity && !mask ? [`${title}: persistence granularity ${granularity}`] : []),
    ...(service.ops && !ops ? [`${title}: one-packet scheduling, which is for UDP and not for nat`] : []),
    ...(marked ? [`${title}: which VIP and ports it stands for is not told; 80 and 443 of ${vip} stand for them`] : []),
    ...(service.port === 0 ? [`${title}: port 0, every port of the VIP; the lab serves 80`] : []),
    ...service.servers.flatMap(({ address, weight, upper, lower }) => [
      ...(weight > heaviest ? [`${title}: weight ${weight} of ${address}; ${heaviest} is the most`] : []),
      ...(lower > upper ? [`${title}: lower threshold ${lower} of ${address}; it is above the upper one`] : []),
    ]),
  );
  return { ...made, ...(backend && { backend }) };
}

function memberOf(service: ImportedService, { port, weight, upper, lower }: ImportedServer, { name, mode }: Machine) {
  const mapped = mode === 'nat' && service.protocol !== 'mark' && port > 0 && port !== service.port;
  return {
    name,
    weight: Math.min(weight, heaviest),
    ...(mapped && { port }),
    ...(upper > 0 && { uthreshold: upper }),
    ...(lower > 0 && lower <= upper && { lthreshold: lower }),
  };
}

/** A backend that must be named, because the port would tell another; 'none' when there is no room for the service. */
function backendOf(
  { backends, machines, left }: Draft,
  { title }: ImportedService,
  service: ServiceInFile,
  members: readonly { name: string; port?: number }[],
): Backend | 'none' | undefined {
  const protocol = protocolOf(service);
  const endpoints = endpointsOf(service);
  const [first] = endpoints;
  if (!first) return 'none';
  // FTP needs NAT on every real server of the lab.
  const noFtp = first.backend === 'ftp' && machines.some(({ mode }) => mode !== 'nat');
  let wanted: Backend = noFtp ? 'http' : first.backend;
  const ports = endpoints.flatMap(({ port }) => [port, ...members.map((one) => one.port ?? port)]);
  const others = new Set(ports.flatMap((port) => backends.get(`${protocol} ${port}`) ?? []));
  const [other] = others;
  if (endpoints.length === 1 && others.size === 1 && other) wanted = other;
  else if (others.size > 1) {
    left.push(`service ${title}: other services have its ports for something else`);
    return 'none';
  }
  const single = wanted === 'dns' || wanted === 'ftp';
  if (single && [...backends].some(([key, one]) => one === wanted && !ports.includes(Number(key.split(' ')[1])))) {
    left.push(`service ${title}: ${wanted} has one port in a lab`);
    return 'none';
  }
  for (const { port, backend } of endpoints) {
    for (const one of [port, ...members.map((member) => member.port ?? port)]) {
      backends.set(`${protocol} ${one}`, endpoints.length === 1 ? wanted : backend);
    }
  }
  const plain = ![80, 8080].includes(first.port) && wanted === 'http';
  if (plain || wanted !== first.backend) left.push(`${title}: what answers there is ${wanted}`);
  return wanted === first.backend ? undefined : wanted;
}

function head({ machines, vips, left }: Draft, from: string): string {
  const lines = [
    `Made by lab import of ${from}.`,
    '',
    ...[...vips].map(([own, vip]) => `${own.startsWith('mark') ? own : `VIP ${own}`} is ${vip} here`),
    'Real servers, in the order they are added:',
    ...machines.map(({ rip, name, address }) => `  ${rip} is ${name}, ${address}`),
    ...(left.length > 0 ? ['', 'Not carried over:', ...left.map((loss) => `  ${loss}`)] : []),
  ];
  // Control characters of somebody's file have no place in a comment.
  return `${lines.map((line) => `# ${line.replace(/\p{C}/gu, ' ')}`.trimEnd()).join('\n')}\n`;
}

function mostFrequent(all: readonly Mode[]): Mode {
  const count = (one: Mode) => all.filter((other) => other === one).length;
  return (['nat', 'dr', 'tun'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

import { backendOf, backends } from '../backends/index.ts';
import { closest } from '../closest.ts';
import { familyOf, whyNoHost } from './addresses.ts';
import { directorOf, guePort } from './defaults.ts';
import type { RealServerInFile, ServiceInFile } from './file-schema.ts';
import { directorName, type Mode } from './lab.ts';
import type { Report } from './lint.ts';
import { hostExample } from './reading/examples.ts';
import type { Path } from './reading/source.ts';
import { endpointsOf, membersIn, protocolOf } from './services.ts';
import { claimsOfBackend, claimsOfMachine, clashOf } from './taken-ports.ts';

/** Backends whose connections stay open. */
const holding = backends.filter(({ staysOpen }) => staysOpen).map(({ name }) => name);

/** A service by mark may have these side by side. */
const joinable = `${backends.flatMap(({ name, pages }) => (pages ? name : [])).join(' and ')} may be joined`;

/** A rule about each service by itself. */
type ServiceRule = (report: Report, service: ServiceInFile, path: Path) => void;

const each: ServiceRule[] = [vip, ports, backend, members, mappedPorts, bounds, scheduler, persistence];

export const serviceRules: ((report: Report) => void)[] = [
  howMany,
  (report) => {
    for (const { service, path } of report.services) for (const rule of each) rule(report, service, path);
  },
  noneTwice,
  onePortOneProgram,
  everyServerServes,
];

function howMany({ file, services, examples, problem }: Report): void {
  if (services.length === 0) problem(['service'], 'it is missing', `service: { vip: ${examples.vip} }`);
  if (file.service && file.services) problem(['services'], 'service and services: one of the two');
}

function vip(report: Report, service: ServiceInFile, path: Path): void {
  const { file, problem } = report;
  const modes = modesOf(report, service, path);
  const at = [...path, 'vip'];
  const { front } = file.networks;
  if (familyOf(service.vip) !== familyOf(front)) return; // said already
  const why = whyNoHost(service.vip, front, 'the front network');
  if (why) problem(at, `${why}, where the client asks for the VIP`, hostExample(file, front));
  if (modes.some((mode) => mode !== 'nat') && service.vip === directorOf(file).front) {
    problem(
      at,
      `${service.vip} is the director's own address: every real server holds the VIP too and would not answer the director`,
      'a VIP of its own',
    );
  }
}

function ports({ problem, warning }: Report, service: ServiceInFile, path: Path): void {
  const at = [...path, 'port'];
  if (Array.isArray(service.port) && service.fwmark === undefined) {
    problem(at, 'a service has one port; a firewall mark joins several', 'fwmark: 1');
  }
  if ([service.port].flat().includes(22)) {
    warning(at, 'port 22 of the VIP hides the SSH of the machine that holds it');
  }
}

function backend(report: Report, service: ServiceInFile, path: Path): void {
  const { problem } = report;
  const modes = modesOf(report, service, path);
  const protocol = protocolOf(service);
  const at = (otherwise: string) => [...path, service.backend ? 'backend' : otherwise];
  const served = [...new Set(endpointsOf(service).map((one) => backendOf(one.backend)))];
  for (const { name, protocols } of served) {
    if (!protocols.includes(protocol)) {
      problem(at('protocol'), `${name} is not served over ${protocol}`, `protocol: ${protocols.join(' or ')}`);
    }
  }
  for (const one of served) {
    const objection = one.objection?.({
      modes,
      marked: service.fwmark !== undefined,
      realServers: report.names.length,
    });
    if (objection) problem(at('port'), objection.what, objection.fix);
  }
  if (new Set(served.map(({ client }) => client)).size > 1) {
    const names = served.map(({ name }) => name);
    problem([...path, 'port'], `${names.join(' and ')}: no client asks both in turn`, joinable);
  }
  if (service.ops && protocol !== 'udp') {
    problem(
      [...path, 'ops'],
      `${protocol} has connections, which the kernel does not schedule packet by packet`,
      'protocol: udp',
    );
  } else if (service.ops && modes.includes('nat')) {
    problem(
      [...path, 'ops'],
      'by nat IPVS has forgotten a datagram before its answer comes, and nobody turns the source into the VIP again',
      'mode: dr or tun',
    );
  }
}

function members({ names, asked, problem }: Report, service: ServiceInFile, path: Path): void {
  const seen = new Set<string>();
  membersIn(service)?.forEach(({ name }, index) => {
    const at = [...path, 'real_servers', index];
    if (!names.includes(name)) {
      const near = closest(name, names);
      const fix = near ? `did you mean ${near}?` : `it has ${names.join(', ')}`;
      problem(
        at,
        `the lab has no real server ${name}${asked ? ` with --real-servers ${asked}` : ''}`,
        asked ? 'more of them' : fix,
      );
    } else if (seen.has(name)) problem(at, `there is another ${name}`);
    seen.add(name);
  });
}

/** A real server as a service has it: what the lab says of it, and what the service says again. */
export interface Member {
  name: string;
  mode: Mode;
  weight: number;
  port: number | undefined;
  uthreshold: number;
  lthreshold: number;
  /** Where the file says it. */
  at(key: string): Path;
}

export function membersOf({ file, names }: Report, service: ServiceInFile, path: Path): Member[] {
  const ofLab = Array.isArray(file.real_servers) ? file.real_servers : [];
  const ofService = membersIn(service);
  return names.flatMap((name, index) => {
    const place = ofService?.findIndex((one) => one.name === name) ?? -1;
    if (ofService && place < 0) return [];
    const own: Partial<RealServerInFile> = ofService?.[place] ?? {};
    const lab: RealServerInFile = ofLab[index] ?? {};
    const { port, weight = 1, uthreshold = 0, lthreshold = 0 } = { ...lab, ...own };
    const at = (key: string): Path =>
      key in own ? [...path, 'real_servers', place, key] : ['real_servers', index, key];
    return { name, mode: lab.mode ?? file.mode, weight, port, uthreshold, lthreshold, at };
  });
}

/** Forwarding methods of a service's real servers. */
function modesOf(report: Report, service: ServiceInFile, path: Path): Mode[] {
  return membersOf(report, service, path).map(({ mode }) => mode);
}

function mappedPorts(report: Report, service: ServiceInFile, path: Path): void {
  const [only] = endpointsOf(service);
  for (const { port, mode, at } of membersOf(report, service, path)) {
    const [first] = at('port');
    if (port === undefined || (first === 'real_servers' && report.services.length > 1)) continue;
    if (service.fwmark !== undefined) {
      const what = 'a mark joins ports, and a real server gets each as the client sent it';
      report.problem(at('port'), what, 'leave port out');
    } else if (port !== only?.port && mode !== 'nat') {
      report.problem(
        at('port'),
        `${mode} cannot change the port: the real server gets the packet as the client sent it`,
        `port: ${only?.port}, or mode: nat`,
      );
    }
  }
}

function bounds(report: Report, service: ServiceInFile, path: Path): void {
  const members = membersOf(report, service, path);
  for (const { uthreshold, lthreshold, at } of members) {
    if (lthreshold <= uthreshold) continue;
    const what = `${lthreshold} is above the upper threshold ${uthreshold}, which the kernel refuses`;
    report.problem(at('lthreshold'), what);
  }
  if (members.length > 0 && members.every(({ weight }) => weight === 0)) {
    report.warning(path, 'all weights are 0: every connection will be refused');
  }
}

function scheduler({ file, problem, warning }: Report, service: ServiceInFile, path: Path): void {
  const { scheduler: name = 'rr', flags = [] } = service;
  const at = [...path, 'scheduler'];
  for (const flag of flags) {
    if (!flag.startsWith(`${name}-`)) {
      problem(
        [...path, 'flags'],
        `${flag} is a flag of ${flag.split('-')[0]}, not of ${name}`,
        `scheduler: ${flag.split('-')[0]}, or leave it out`,
      );
    }
  }
  if ((name === 'sh' || name === 'mh') && !flags.some((flag) => flag === `${name}-port`)) {
    warning(
      at,
      `${name} looks at the client's address, and there is one client: all requests go to one server, as expected`,
      `flags: [${name}-port]`,
    );
  }
  if (name === 'dh') warning(at, 'dh looks at the VIP, and there is one: all requests go to one server, as expected');
  const held = endpointsOf(service).every((one) => backendOf(one.backend).staysOpen);
  if (['sed', 'nq', 'ovf'].includes(name) && !held) {
    warning(
      at,
      `${name} looks at open connections; a client that closes each one before the next always meets the same server`,
      protocolOf(service) === 'udp' ? undefined : `backend: ${holding.join(' or ')}, whose connections are held open`,
    );
  }
  if (name === 'twos' && file.release === 12) {
    problem(at, "Debian 12's cloud kernel has no twos", 'release: 13');
  }
}

function persistence({ problem, warning }: Report, service: ServiceInFile, path: Path): void {
  const { persistence: seconds = 0, scheduler: name = 'rr', persistence_granularity: granularity } = service;
  if (granularity && seconds === 0) {
    problem([...path, 'persistence_granularity'], 'there is no persistence', 'persistence: 300');
  }
  if (seconds > 0) {
    warning(
      [...path, 'persistence'],
      `for ${seconds} s the one client stays with the server it met first: no ${name} to be seen, as expected`,
    );
  }
}

function noneTwice({ services, problem }: Report): void {
  const taken = new Set<string>();
  for (const { service, path } of services) {
    const protocol = protocolOf(service);
    const own = [
      ...(service.fwmark === undefined ? [] : [`fwmark ${service.fwmark}`]),
      ...endpointsOf(service).map(({ port }) => `${protocol} ${service.vip} port ${port}`),
    ];
    if (new Set(own).size < own.length) problem([...path, 'port'], 'a port is there twice');
    for (const one of new Set(own)) {
      if (taken.has(one)) problem(path, `${one} is another service already`);
      taken.add(one);
    }
  }
}

/** Services share real servers: each port of one is taken by one program, which sshd and tunnels are too. */
function onePortOneProgram(report: Report): void {
  const named = Array.isArray(report.file.real_servers) ? report.file.real_servers : [];
  const ofMachines = report.names.flatMap((name, index) => {
    const { tunnel, tunnel_port: port = guePort } = named[index] ?? {};
    const tellsLoad = report.file.health?.checks?.includes('load');
    const servesTime = name === directorName && report.file.clock;
    return claimsOfMachine(name, { guePort: tunnel === 'gue' ? port : undefined, tellsLoad, servesTime });
  });
  const taken = new Map<string, string>(ofMachines);
  for (const { service, path } of report.services) {
    for (const { name, port: mapped } of membersOf(report, service, path)) {
      for (const { port, backend } of endpointsOf(service)) {
        const real = service.fwmark === undefined ? (mapped ?? port) : port;
        const server = backendOf(backend);
        const claims = claimsOfBackend(name, server, protocolOf(service), real);
        const clash = clashOf(taken, claims);
        if (clash) {
          const [what, is] = clash;
          const other = taken.get(what);
          if (what === `${server.daemon.name} of ${name}`) {
            report.problem(path, `${what} has one port, and that is ${other}`);
          } else {
            report.problem(path, `${what} is taken by ${other}, and ${is} wants it too`, 'another port, or backend');
          }
          return;
        }
        for (const [what, is] of claims) taken.set(what, is);
      }
    }
  }
}

/** Whom nobody asks. */
function everyServerServes(report: Report): void {
  const serving = new Set(
    report.services.flatMap(({ service, path }) => membersOf(report, service, path).map(({ name }) => name)),
  );
  const idle = report.names.filter((name) => !serving.has(name));
  if (idle.length > 0 && report.services.length > 0) {
    report.warning(['real_servers'], `${idle.join(', ')} belongs to no service, and will serve nobody`);
  }
}

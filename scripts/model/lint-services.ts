import { closest } from '../closest.ts';
import { familyOf, isHostOf } from './addresses.ts';
import { directorOf } from './defaults.ts';
import type { RealServerInFile, ServiceInFile } from './file-schema.ts';
import { type Backend, backendProtocols } from './lab.ts';
import type { Report } from './lint.ts';
import { endpointsOf, protocolOf, toolOf } from './services.ts';
import type { Path } from './source.ts';

/** A rule about each service by itself. */
type ServiceRule = (report: Report, service: ServiceInFile, path: Path) => void;

const each: ServiceRule[] = [vip, ports, backend, members, mappedPorts, thresholds, scheduler, persistence];

export const serviceRules: ((report: Report) => void)[] = [
  howMany,
  (report) => {
    for (const { service, path } of report.services) for (const rule of each) rule(report, service, path);
  },
  noneTwice,
  oneBackendAPort,
];

function howMany({ file, services, problem }: Report): void {
  if (services.length === 0) problem(['service'], 'is missing', 'something like service: { vip: 192.168.1.3 }');
  if (file.service && file.services) problem(['services'], 'service and services: one of the two');
}

function vip({ file, modes, problem }: Report, service: ServiceInFile, path: Path): void {
  const at = [...path, 'vip'];
  const { front } = file.networks;
  if (familyOf(service.vip) !== familyOf(front)) return; // said already
  if (!isHostOf(service.vip, front)) {
    problem(at, `${service.vip} is no host of the front network ${front}`, 'the client reaches the VIP there');
  }
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

function backend({ modes, problem }: Report, service: ServiceInFile, path: Path): void {
  const protocol = protocolOf(service);
  const at = (otherwise: string) => [...path, service.backend ? 'backend' : otherwise];
  const served = [...new Set(endpointsOf(service).map((one) => one.backend))];
  for (const one of served) {
    const fitting = backendProtocols[one];
    if (!fitting.includes(protocol)) {
      problem(at('protocol'), `${one} is not served over ${protocol}`, `protocol: ${fitting.join(' or ')}`);
    }
  }
  if (served.includes('ftp') && (service.fwmark || modes.some((mode) => mode !== 'nat'))) {
    problem(
      at('port'),
      'ftp: its data connection finds the real server only in nat, where ip_vs_ftp reads the commands',
      'mode: nat, and no fwmark',
    );
  }
  if (new Set(served.map(toolOf)).size > 1) {
    problem([...path, 'port'], `${served.join(' and ')}: no client asks both in turn`, 'http and https may be joined');
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

function members({ names, problem }: Report, service: ServiceInFile, path: Path): void {
  const seen = new Set<string>();
  service.real_servers?.forEach((one, index) => {
    const name = typeof one === 'string' ? one : one.name;
    const at = [...path, 'real_servers', index];
    if (!names.includes(name)) {
      const near = closest(name, names);
      problem(at, `the lab has no real server ${name}`, near ? `did you mean ${near}?` : `it has ${names.join(', ')}`);
    } else if (seen.has(name)) problem(at, `there is another ${name}`);
    seen.add(name);
  });
}

type Shares = { share: Pick<RealServerInFile, 'port' | 'uthreshold' | 'lthreshold' | 'mode'>; at: Path }[];

/** What the file says of real servers: those of the lab, and again those of a service. */
function sharesOf({ file }: Report, service: ServiceInFile, path: Path): Shares {
  const ofLab = Array.isArray(file.real_servers) ? file.real_servers : [];
  const ofService = service.real_servers ?? [];
  return [
    ...ofLab.map((share, index) => ({ share, at: ['real_servers', index] })),
    ...ofService.flatMap((one, index) => {
      if (typeof one === 'string') return [];
      const mode = ofLab.find(({ name }) => name === one.name)?.mode;
      return [{ share: { ...one, ...(mode && { mode }) }, at: [...path, 'real_servers', index] }];
    }),
  ];
}

function mappedPorts(report: Report, service: ServiceInFile, path: Path): void {
  const { file, problem } = report;
  const [only] = endpointsOf(service);
  for (const { share, at } of sharesOf(report, service, path)) {
    const { port, mode = file.mode } = share;
    if (port === undefined || (at[0] === 'real_servers' && report.services.length > 1)) continue;
    if (service.fwmark !== undefined) {
      problem(
        [...at, 'port'],
        'a mark joins ports, and a real server gets each as the client sent it',
        'leave port out',
      );
    } else if (port !== only?.port && mode !== 'nat') {
      problem(
        [...at, 'port'],
        `${mode} cannot change the port: the real server gets the packet as the client sent it`,
        `port: ${only?.port}, or mode: nat`,
      );
    }
  }
}

function thresholds(report: Report, service: ServiceInFile, path: Path): void {
  // Those of the lab are looked at once, with its first service.
  const first = report.services[0]?.service === service;
  for (const { share, at } of sharesOf(report, service, path)) {
    const { uthreshold = 0, lthreshold = 0 } = share;
    if (lthreshold <= uthreshold || (at[0] === 'real_servers' && !first)) continue;
    report.problem(
      [...at, 'lthreshold'],
      `${lthreshold} is above the upper threshold ${uthreshold}, which the kernel refuses`,
    );
  }
}

function scheduler({ file, problem, warning }: Report, service: ServiceInFile, path: Path): void {
  const { scheduler: name = 'rr', flags = [] } = service;
  const at = [...path, 'scheduler'];
  for (const flag of flags) {
    if (!flag.startsWith(`${name}-`)) {
      problem([...path, 'flags'], `${flag} is a flag of ${flag.split('-')[0]}, not of ${name}`);
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
  const held = endpointsOf(service).every((one) => one.backend === 'echo');
  if (['sed', 'nq', 'ovf'].includes(name) && !held) {
    warning(
      at,
      `${name} looks at open connections; a client that closes each one before the next always meets the same server`,
      'backend: echo, whose connections are held open',
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
    for (const one of own) {
      if (taken.has(one)) problem(path, `${one} is another service already`);
      taken.add(one);
    }
  }
}

/** Services share real servers: at each port of one a single thing answers, and dnsmasq and vsftpd have one port each. */
function oneBackendAPort(report: Report): void {
  const taken = new Map<string, Backend>();
  for (const { service, path } of report.services) {
    for (const { name, port, backend: one } of servedBy(report, service)) {
      const key = `${protocolOf(service)} port ${port} of ${name}`;
      const other = taken.get(key);
      const single = one === 'dns' || one === 'ftp';
      const elsewhere = [...taken].find(
        ([own, answers]) => own.endsWith(` of ${name}`) && answers === one && own !== key,
      );
      if (other && other !== one) {
        report.problem(path, `${key} is ${other} for another service and cannot be ${one} too`);
        return;
      }
      if (single && elsewhere) {
        report.problem(path, `${one} has one port: ${elsewhere[0]} is it already`);
        return;
      }
      taken.set(key, one);
    }
  }
}

/** Which real servers answer where for a service. */
function servedBy({ file, names }: Report, service: ServiceInFile) {
  const ofLab = Array.isArray(file.real_servers) ? file.real_servers : [];
  const own = service.real_servers?.map((one) => (typeof one === 'string' ? { name: one } : one));
  return names.flatMap((name, index) => {
    const member = own?.find((one) => one.name === name);
    if (own && !member) return [];
    const mapped = service.fwmark === undefined ? (member?.port ?? ofLab[index]?.port) : undefined;
    return endpointsOf(service).map(({ port, backend: one }) => ({ name, port: mapped ?? port, backend: one }));
  });
}

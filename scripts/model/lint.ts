import type { Problem } from '../errors.ts';
import { providerInfo } from '../providers/index.ts';
import {
  type Family,
  familyOf,
  isHostOf,
  isNetworkAddress,
  networkAround,
  overlap,
  prefixOf,
  whyNoHost,
} from './addresses.ts';
import { backupName, backupOf, directorOf, namesOf, routerOf } from './defaults.ts';
import type { LabFile, ServiceInFile } from './file-schema.ts';
import { ipvsSysctlLimits } from './ipvs-sysctls.ts';
import { directorName, type Mode } from './lab.ts';
import { backupRules } from './lint-backup.ts';
import { healthRules } from './lint-health.ts';
import { serviceRules } from './lint-services.ts';
import { siteRules } from './lint-site.ts';
import { networkOf } from './network-of.ts';
import { type Examples, examplesFor, hostExample } from './reading/examples.ts';
import { pathText } from './reading/schema-problems.ts';
import type { Path, Source } from './reading/source.ts';
import { protocolOf, servicesOf } from './services.ts';

export interface Findings {
  /** Such a lab cannot work. */
  problems: Problem[];
  /** It works, but not as most people expect. */
  warnings: Problem[];
}

/** What every rule gets: the file, and where to put what it finds. */
export interface Report {
  file: LabFile;
  services: { service: ServiceInFile; path: Path }[];
  /** Forwarding methods that real servers of the lab have. */
  modes: Mode[];
  /** Names of the real servers, as many as there are to be. */
  names: string[];
  /** How many the command line asks for, instead of the file. */
  asked: number | undefined;
  examples: Examples;
  problem(path: Path, what: string, fix?: string): void;
  warning(path: Path, what: string, fix?: string): void;
}

const rules = [
  ...healthRules,
  clock,
  machines,
  families,
  networks,
  director,
  router,
  client,
  realServers,
  names,
  sysctls,
  ...backupRules,
  ...serviceRules,
  ...siteRules,
];

/** The classics of LVS, caught before any machine starts. */
export function lint(file: LabFile, source: Source, realServers?: number): Findings {
  const found: Findings = { problems: [], warnings: [] };
  const put = (list: Problem[]) => (path: Path, what: string, fix?: string) => {
    const text = pathText(path);
    // What the lab says of a real server is looked at with each of its services.
    if (list.some((one) => one.path === text && one.what === what)) return;
    list.push({ line: source.lineOf(path), path: text, what, fix });
  };
  const report: Report = {
    file,
    services: servicesOf(file),
    modes: modesOf(file, realServers),
    names: namesOf(file, realServers),
    asked: realServers,
    examples: examplesFor(file),
    problem: put(found.problems),
    warning: put(found.warnings),
  };
  for (const rule of rules) rule(report);
  return found;
}

/** Somebody must be there to take the time. */
function clock({ file, names, problem }: Report): void {
  if (file.clock && names.every((name) => name === directorName)) {
    problem(['clock'], 'the director is the only real server: nobody takes the time from it', 'another real server');
  }
}

function machines({ file, warning }: Report): void {
  if (!file.box || !file.provider || providerInfo(file.provider).capabilities.boxes) return;
  warning(['box'], `${file.provider} makes its machines of an image of its own, not of a box`);
}

/** IPv4 or IPv6, and nothing of the other: machines have one address a network. */
function families({ file, services, problem }: Report): void {
  const family = familyOf(file.networks.front);
  const differs = (path: Path, address: string | undefined, what: string, fix?: string) => {
    if (address && familyOf(address) !== family) problem(path, what, fix);
  };
  const says = (name: string, one: Family) => `${name} is IPv${one}`;
  for (const name of ['back', 'remote'] as const) {
    const cidr = file.networks[name];
    differs(['networks', name], cidr, `the front network is IPv${family}, and ${says('this', family === 4 ? 6 : 4)}`);
  }
  for (const { service, path } of services) {
    const vip = familyOf(service.vip);
    differs(
      [...path, 'vip'],
      service.vip,
      `an IPv${vip} VIP on the front network ${file.networks.front}`,
      `an IPv${family} address, or another front network`,
    );
    const granularity = service.persistence_granularity;
    if (granularity === undefined) continue;
    const of = typeof granularity === 'number' ? 6 : 4;
    if (of !== vip) {
      const fix = vip === 6 ? 'persistence_granularity: 64' : 'persistence_granularity: 255.255.255.0';
      problem([...path, 'persistence_granularity'], `IPv${vip} clients have no such network`, fix);
    }
  }
  if (!Array.isArray(file.real_servers)) return;
  file.real_servers.forEach(({ address, mode = file.mode }, index) => {
    const what =
      mode === 'tun'
        ? 'a real server of the other family: IPVS could tunnel one in the other, but networks of a lab are of one family'
        : `an IPv${family === 4 ? 6 : 4} real server for an IPv${family} service: the kernel refuses that without a tunnel`;
    differs(['real_servers', index, 'address'], address, what, `an IPv${family} address`);
  });
}

/** Networks that no lab can use: what the kernel, the kit or everybody else has them for. */
const reserved: [cidr: string, why: string][] = [
  ['169.254.0.0/16', '169.254.0.0/16 is used to manage the machines'],
  ['0.0.0.0/8', 'no host can have such an address'],
  ['224.0.0.0/3', 'no host can have such an address'],
  ['127.0.0.0/8', 'loopback addresses never leave a machine'],
  ['::/16', 'no host can have such an address'],
  ['fe80::/10', 'link-local addresses are of one NIC each'],
  ['ff00::/8', 'no host can have such an address'],
];

function networks({ file, modes, examples, problem }: Report): void {
  const { front, back, remote } = file.networks;
  for (const name of ['front', 'back', 'remote'] as const) {
    const cidr = file.networks[name];
    if (!cidr) continue;
    if (!isNetworkAddress(cidr)) {
      const fix = `${name}: ${networkAround(cidr.replace(/\/.*/, ''), prefixOf(cidr))}`;
      problem(['networks', name], `${cidr} is an address in a network, not a network`, fix);
    }
    for (const [network, why] of reserved) if (overlap(cidr, network)) problem(['networks', name], why);
  }
  if (modes.includes('nat')) {
    if (!back) {
      problem(
        ['networks'],
        'nat needs a back network: on one network the real servers answer the client directly, past the director',
        `back: ${examples.another}`,
      );
    } else if (overlap(front, back)) problem(['networks', 'back'], `${back} overlaps the front network ${front}`);
  } else if (back) {
    problem(
      ['networks', 'back'],
      `${modes.join(' and ')} has its real servers on the director's segment, the front network`,
      'leave back out, or use mode: nat',
    );
  }
  if (!remote) return;
  if (!modes.includes('tun')) {
    problem(
      ['networks', 'remote'],
      `${modes.join(' and ')} cannot reach real servers behind a router: it ${modes.includes('dr') ? 'only changes the MAC' : 'must be their gateway'}`,
      'mode: tun',
    );
  }
  for (const [name, other] of [
    ['front', front],
    ['back', back],
  ] as const) {
    if (other && overlap(remote, other))
      problem(['networks', 'remote'], `${remote} overlaps the ${name} network ${other}`);
  }
}

function director({ file, problem }: Report): void {
  const given = directorOf(file);
  const path = (key: string) => (typeof file.director === 'object' ? ['director', key] : ['director']);
  for (const name of ['front', 'back'] as const) {
    const [address, cidr] = [given[name], file.networks[name]];
    const why = address && cidr && whyNoHost(address, cidr, `the ${name} network`);
    if (why) problem(path(name), why, hostExample(file, cidr));
  }
  if (typeof file.director === 'object' && file.director.back && !file.networks.back) {
    problem(path('back'), 'there is no back network');
  }
}

function router({ file, examples, problem }: Report): void {
  const given = routerOf(file);
  if (!given) {
    if (file.router)
      problem(['router'], 'there is nothing to route to', `networks: { …, remote: ${examples.another} }`);
    return;
  }
  for (const name of ['front', 'remote'] as const) {
    const cidr = file.networks[name] ?? '';
    const why = whyNoHost(given[name], cidr, `the ${name} network`);
    if (why) problem(['router', name], why, hostExample(file, cidr));
  }
}

function client({ file, problem }: Report): void {
  if (!file.client) return;
  const { front, back } = file.networks;
  if (back && isHostOf(file.client, back)) {
    problem(
      ['client'],
      `${file.client} is in the real servers' network: they would answer it directly, past the director`,
      `an address of the front network ${front}`,
    );
    return;
  }
  const why = whyNoHost(file.client, front, 'the front network');
  if (why) problem(['client'], why, hostExample(file, front));
}

/** Those of the real servers that the file names, and the lab's own where there are to be more. */
function modesOf({ mode, real_servers: servers }: LabFile, count = 0): Mode[] {
  if (!Array.isArray(servers)) return [mode];
  const named = (count > 0 ? servers.slice(0, count) : servers).map((server) => server.mode ?? mode);
  return [...new Set(count > servers.length ? [...named, mode] : named)];
}

function realServers({ file, services, problem }: Report): void {
  if (!Array.isArray(file.real_servers)) return;
  file.real_servers.forEach((server, index) => {
    const { name, address, port, gateway, tunnel, tunnel_port: tunnelPort, mode = file.mode } = server;
    const place = networkOf(mode, file.networks);
    const network = file.networks[place];
    const path = (key: string) => ['real_servers', index, key];
    if (name === directorName) {
      const own = Object.values(directorOf(file));
      if (address && !own.includes(address))
        problem(path('address'), `the director itself has ${own.join(' and ')}: LocalNode`, 'leave address out');
    } else if (address && network && familyOf(address) === familyOf(network)) {
      const words = { back: 'the back network', remote: 'the remote network', front: "the director's segment" };
      const why = whyNoHost(address, network, words[place]);
      if (why) problem(path('address'), why, hostExample(file, network));
    }
    if (port !== undefined && services.length > 1) {
      problem(path('port'), 'several services: which of them is it for?', 'the port behind real_servers of a service');
    }
    const inside = directorOf(file).back;
    if (gateway && mode !== 'nat') problem(path('gateway'), `${mode} answers the client directly and needs no gateway`);
    else if (gateway && gateway !== inside) {
      problem(path('gateway'), `with gateway ${gateway} the answers miss the director`, `gateway: ${inside}`);
    }
    if (tunnel && mode !== 'tun') problem(path('tunnel'), `${mode} wraps nothing`, 'mode: tun');
    else if (tunnelPort && tunnel !== 'gue') problem(path('tunnel_port'), 'only gue has a port', 'tunnel: gue');
    if (tunnel && tunnel !== 'ipip' && familyOf(file.networks.front) === 6) {
      problem(path('tunnel'), `${tunnel} is not set up for IPv6 here`, 'tunnel: ipip');
    }
  });
}

function names({ file, services, problem }: Report): void {
  const addresses = new Map<string, string>();
  const { front, back } = directorOf(file);
  addresses.set(front, 'the director');
  if (back) addresses.set(back, 'the director');
  const backup = backupOf(file);
  const take = (path: Path, address: string | undefined, owner: string) => {
    const other = address && addresses.get(address);
    if (other) problem(path, `${address} is taken by ${other}`);
    else if (address) addresses.set(address, owner);
  };
  const vips = new Map(services.map(({ service, path }) => [service.vip, path]));
  for (const [vip, path] of vips) if (vip !== front) take([...path, 'vip'], vip, 'the VIP');
  const gate = routerOf(file);
  if (gate) {
    take(['router', 'front'], gate.front, 'the router');
    take(['router', 'remote'], gate.remote, 'the router');
  }
  take(['backup'], backup?.front, 'the backup');
  take(['client'], file.client, 'the client');
  if (!Array.isArray(file.real_servers)) return;
  const taken = new Set(['client', ...(gate ? ['router'] : []), ...(backup ? [backupName] : [])]);
  file.real_servers.forEach(({ name, address }, index) => {
    if (name !== directorName) take(['real_servers', index, 'address'], address, name ?? `real server ${index + 1}`);
    if (name === undefined) return;
    if (taken.has(name)) problem(['real_servers', index, 'name'], `there is another ${name}`);
    taken.add(name);
  });
}

function sysctls({ file, services, problem, warning }: Report): void {
  for (const [name, value] of Object.entries(file.ipvs?.sysctls ?? {})) {
    const most = ipvsSysctlLimits[name];
    const path = ['ipvs', 'sysctls', name];
    if (most !== undefined && value > most) problem(path, `${value} is refused by the kernel`, `${most} at most`);
    if (name === 'sync_ports' && (value & (value - 1)) !== 0) problem(path, `${value} is no power of two`);
    if (['drop_entry', 'drop_packet', 'secure_tcp'].includes(name) && value > 0) {
      warning(path, 'under load IPVS then drops what it pleases: no exact sequence to be expected');
    }
  }
  const timeouts = file.ipvs?.timeouts;
  const asked = new Set(services.map(({ service }) => protocolOf(service)));
  for (const [name, protocol] of [
    ['tcp', 'tcp'],
    ['tcpfin', 'tcp'],
    ['udp', 'udp'],
  ] as const) {
    if (timeouts && timeouts[name] < 15 && asked.has(protocol)) {
      const what = 'IPVS may have forgotten connections before the checks look for them';
      warning(['ipvs', 'timeouts', name], what);
    }
  }
  if (file.release === 12 && file.ipvs?.sysctls?.run_estimation !== undefined) {
    problem(['ipvs', 'sysctls', 'run_estimation'], 'Debian 12’s kernel has no run_estimation', 'release: 13');
  }
}

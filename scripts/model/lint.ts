import type { Problem } from '../errors.ts';
import { isHostOf, isNetworkAddress, overlap } from './addresses.ts';
import { directorOf } from './defaults.ts';
import type { LabFile } from './file-schema.ts';
import { ipvsSysctlLimits } from './ipvs-sysctls.ts';
import type { Mode } from './lab.ts';
import { pathText } from './schema-problems.ts';
import type { Path, Source } from './source.ts';

export interface Findings {
  /** Such a lab cannot work. */
  problems: Problem[];
  /** It works, but not as most people expect. */
  warnings: Problem[];
}

interface Report {
  file: LabFile;
  /** Forwarding methods that real servers of the lab have. */
  modes: Mode[];
  problem(path: Path, what: string, fix?: string): void;
  warning(path: Path, what: string, fix?: string): void;
}

const rules = [
  machines,
  networks,
  director,
  vip,
  client,
  realServers,
  thresholds,
  names,
  scheduler,
  persistence,
  sysctls,
];

/** The classics of LVS, caught before any machine starts. */
export function lint(file: LabFile, source: Source, realServers?: number): Findings {
  const found: Findings = { problems: [], warnings: [] };
  const put = (list: Problem[]) => (path: Path, what: string, fix?: string) => {
    list.push({ line: source.lineOf(path), path: pathText(path), what, fix });
  };
  const report: Report = {
    file,
    modes: modesOf(file, realServers),
    problem: put(found.problems),
    warning: put(found.warnings),
  };
  for (const rule of rules) rule(report);
  return found;
}

function machines({ file, warning }: Report): void {
  if (file.box && file.provider === 'qemu')
    warning(['box'], 'qemu makes its machines of an image of its own, not of a box');
}

function networks({ file, modes, problem }: Report): void {
  const { front, back } = file.networks;
  for (const name of ['front', 'back'] as const) {
    const cidr = file.networks[name];
    if (!cidr) continue;
    if (!isNetworkAddress(cidr)) problem(['networks', name], `${cidr} is an address in a network, not a network`);
    if (overlap(cidr, '169.254.0.0/16')) problem(['networks', name], '169.254.0.0/16 is used to manage the machines');
    if (overlap(cidr, '0.0.0.0/8') || overlap(cidr, '224.0.0.0/3'))
      problem(['networks', name], 'no host can have such an address');
    if (overlap(cidr, '127.0.0.0/8')) problem(['networks', name], 'loopback addresses never leave a machine');
  }
  if (modes.includes('nat')) {
    if (!back) {
      problem(
        ['networks'],
        'nat needs a back network: on one network the real servers answer the client directly, past the director',
        'back: 172.16.0.0/16',
      );
    } else if (overlap(front, back)) problem(['networks', 'back'], `${back} overlaps the front network ${front}`);
  } else if (back) {
    problem(
      ['networks', 'back'],
      `${modes.join(' and ')} has its real servers on the director's segment, the front network`,
      'leave back out, or use mode: nat',
    );
  }
}

function director({ file, problem }: Report): void {
  const given = directorOf(file);
  const path = (key: string) => (typeof file.director === 'object' ? ['director', key] : ['director']);
  if (!isHostOf(given.front, file.networks.front)) {
    problem(path('front'), `${given.front} is no host of the front network ${file.networks.front}`);
  }
  if (given.back && file.networks.back && !isHostOf(given.back, file.networks.back)) {
    problem(path('back'), `${given.back} is no host of the back network ${file.networks.back}`);
  }
  if (typeof file.director === 'object' && file.director.back && !file.networks.back) {
    problem(path('back'), 'there is no back network');
  }
}

function vip({ file, modes, problem }: Report): void {
  const path = ['service', 'vip'];
  const { vip } = file.service;
  if (!isHostOf(vip, file.networks.front)) {
    problem(path, `${vip} is no host of the front network ${file.networks.front}`, 'the client reaches the VIP there');
  }
  if (modes.some((mode) => mode !== 'nat') && vip === directorOf(file).front) {
    problem(
      path,
      `${vip} is the director's own address: every real server holds the VIP too and would not answer the director`,
      'a VIP of its own',
    );
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
  } else if (!isHostOf(file.client, front)) {
    problem(['client'], `${file.client} is no host of the front network ${front}`);
  }
}

/** Those of the real servers that the file names, and the lab's own where there are to be more. */
function modesOf({ mode, real_servers: servers }: LabFile, count = 0): Mode[] {
  if (!Array.isArray(servers)) return [mode];
  const named = (count > 0 ? servers.slice(0, count) : servers).map((server) => server.mode ?? mode);
  return [...new Set(count > servers.length ? [...named, mode] : named)];
}

function realServers({ file, problem, warning }: Report): void {
  if (!Array.isArray(file.real_servers)) return;
  file.real_servers.forEach(({ address, port, gateway, mode = file.mode }, index) => {
    const network = mode === 'nat' ? file.networks.back : file.networks.front;
    const path = (key: string) => ['real_servers', index, key];
    if (address && network && !isHostOf(address, network)) {
      const place = mode === 'nat' ? `the back network ${network}` : `the director's segment ${network}`;
      problem(path('address'), `${address} is no host of ${place}`);
    }
    const servicePort = file.service.port ?? 80;
    if (port !== undefined && port !== servicePort && mode !== 'nat') {
      problem(
        path('port'),
        `${mode} cannot change the port: the real server gets the packet as the client sent it`,
        `port: ${servicePort}, or mode: nat`,
      );
    }
    const inside = directorOf(file).back;
    if (gateway && mode !== 'nat') problem(path('gateway'), `${mode} answers the client directly and needs no gateway`);
    else if (gateway && gateway !== inside) {
      problem(path('gateway'), `with gateway ${gateway} the answers miss the director`, `gateway: ${inside}`);
    }
  });
  if (file.real_servers.every(({ weight }) => weight === 0)) {
    warning(['real_servers'], 'all weights are 0: every connection will be refused');
  }
}

function names({ file, problem }: Report): void {
  const addresses = new Map<string, string>();
  const { front, back } = directorOf(file);
  addresses.set(front, 'the director');
  if (back) addresses.set(back, 'the director');
  const take = (path: Path, address: string | undefined, owner: string) => {
    const other = address && addresses.get(address);
    if (other) problem(path, `${address} is taken by ${other}`);
    else if (address) addresses.set(address, owner);
  };
  if (file.service.vip !== front) take(['service', 'vip'], file.service.vip, 'the VIP');
  take(['client'], file.client, 'the client');
  if (!Array.isArray(file.real_servers)) return;
  const taken = new Set(['client', 'director']);
  file.real_servers.forEach(({ name, address }, index) => {
    take(['real_servers', index, 'address'], address, name ?? `real server ${index + 1}`);
    if (name === undefined) return;
    if (taken.has(name)) problem(['real_servers', index, 'name'], `there is another ${name}`);
    taken.add(name);
  });
}

function scheduler({ file, problem, warning }: Report): void {
  const { scheduler = 'rr', flags = [], port } = file.service;
  const path = ['service', 'scheduler'];
  for (const flag of flags) {
    if (!flag.startsWith(`${scheduler}-`)) {
      problem(['service', 'flags'], `${flag} is a flag of ${flag.split('-')[0]}, not of ${scheduler}`);
    }
  }
  if ((scheduler === 'sh' || scheduler === 'mh') && !flags.some((flag) => flag === `${scheduler}-port`)) {
    warning(
      path,
      `${scheduler} looks at the client's address, and there is one client: all requests go to one server, as expected`,
      `flags: [${scheduler}-port]`,
    );
  }
  if (scheduler === 'dh')
    warning(path, 'dh looks at the VIP, and there is one: all requests go to one server, as expected');
  if (['sed', 'nq', 'ovf'].includes(scheduler)) {
    warning(
      path,
      `${scheduler} looks at open connections; a client that closes each one before the next always meets the same server`,
    );
  }
  if (scheduler === 'twos' && file.release === 12) {
    problem(path, "Debian 12's cloud kernel has no twos", 'release: 13');
  }
  if (port === 22) warning(['service', 'port'], 'port 22 of the VIP hides the SSH of the machine that holds it');
}

function thresholds({ file, problem }: Report): void {
  if (!Array.isArray(file.real_servers)) return;
  for (const [index, { uthreshold = 0, lthreshold = 0 }] of file.real_servers.entries()) {
    if (lthreshold > uthreshold) {
      const path = ['real_servers', index, 'lthreshold'];
      problem(path, `${lthreshold} is above the upper threshold ${uthreshold}, which the kernel refuses`);
    }
  }
}

function sysctls({ file, problem, warning }: Report): void {
  for (const [name, value] of Object.entries(file.ipvs?.sysctls ?? {})) {
    const most = ipvsSysctlLimits[name];
    const path = ['ipvs', 'sysctls', name];
    if (most !== undefined && value > most) problem(path, `${value} is refused by the kernel`, `${most} at most`);
    if (name === 'sync_ports' && (value & (value - 1)) !== 0) problem(path, `${value} is no power of two`);
    if (['drop_entry', 'drop_packet', 'secure_tcp'].includes(name) && value > 0) {
      warning(path, 'under load IPVS then drops what it pleases: no exact sequence to be expected');
    }
  }
  if ((file.ipvs?.timeouts?.tcpfin ?? 120) < 15) {
    warning(['ipvs', 'timeouts', 'tcpfin'], 'IPVS may have forgotten connections before the checks look for them');
  }
  if (file.release === 12 && file.ipvs?.sysctls?.run_estimation !== undefined) {
    problem(['ipvs', 'sysctls', 'run_estimation'], 'Debian 12’s kernel has no run_estimation', 'release: 13');
  }
}

function persistence({ file, problem, warning }: Report): void {
  const { persistence: seconds = 0, scheduler = 'rr', persistence_granularity: granularity } = file.service;
  if (granularity && seconds === 0) {
    problem(['service', 'persistence_granularity'], 'there is no persistence', 'persistence: 300');
  }
  if (seconds > 0) {
    warning(
      ['service', 'persistence'],
      `for ${seconds} s the one client stays with the server it met first: no ${scheduler} to be seen, as expected`,
    );
  }
}

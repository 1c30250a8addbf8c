import { stringify } from 'yaml';
import { hostAt, isNetmask } from '../model/addresses.ts';
import type { LabFile } from '../model/file-schema.ts';
import type { Mode } from '../model/lab.ts';
import { type SchedulerFlag, schedulerFlags, schedulers } from '../model/lab.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';

export interface LabText {
  /** A lab file, with a comment that says what stands for what. */
  text: string;
  /** What the lab does not show, a line each. */
  left: string[];
}

const front = '192.168.1.0/24';
const back = '172.16.0.0/16';
const mostServers = 64;
const heaviest = 65_535;

/**
 * A lab that rehearses one service of a configuration: as many real servers, with its weights, scheduler, persistence,
 * thresholds and forwarding method, on addresses of the lab's own.
 * @throws RangeError when there is no service that a lab can show
 */
export function labOf({ services, left }: Imported, from: string): LabText {
  const service = services.find(({ protocol, servers }) => protocol === 'tcp' && servers.length > 0);
  if (!service) throw new RangeError('there is no TCP service with real servers in it');
  const others = services.filter((one) => one !== service);
  const mode = mostFrequent(service.servers.map(({ forwarding }) => forwarding));
  const servers = service.servers.slice(0, mostServers);
  const scheduler = schedulers.find((name) => name === service.scheduler);
  const losses = [
    ...left,
    ...others.map(
      ({ title, servers: all }) => `service ${title} with ${counted(all.length)}: a lab has one TCP service`,
    ),
    ...service.left,
    ...(service.servers.length > mostServers ? [`${counted(service.servers.length - mostServers)}: a lab has 64`] : []),
    ...(scheduler ? [] : [`scheduler ${service.scheduler}, which is not known; wlc stands for it`]),
    ...(service.granularity && !isMask(service.granularity) ? [`persistence granularity ${service.granularity}`] : []),
    ...servers.flatMap(({ address, weight, upper, lower }) => [
      ...(weight > heaviest ? [`weight ${weight} of ${address}: ${heaviest} is the most`] : []),
      ...(lower > upper ? [`lower threshold ${lower} of ${address}: it is above the upper one`] : []),
    ]),
    ...(service.port === 0 ? ['port 0, every port of the VIP: the lab serves 80'] : []),
    ...(service.port === 443 ? ['TLS: port 443 is served as plain HTTP'] : []),
  ];
  const file: LabFile = {
    title: `Rehearses ${service.title}`.slice(0, 80),
    mode,
    networks: { front, ...(servers.some(({ forwarding }) => forwarding === 'nat') && { back }) },
    real_servers: servers.map((server, at) => serverOf(server, at, mode, service.port)),
    service: {
      vip: hostAt(front, 3n),
      port: service.port || 80,
      scheduler: scheduler ?? 'wlc',
      ...flagsOf(service),
      ...(service.persistence > 0 && { persistence: service.persistence }),
      ...(service.persistence > 0 && isMask(service.granularity) && { persistence_granularity: service.granularity }),
    },
  };
  return { text: `${head(service, servers, from, losses)}${stringify(file, { lineWidth: 0 })}`, left: losses };
}

function serverOf(
  { forwarding, port, weight, upper, lower }: ImportedServer,
  at: number,
  mode: Mode,
  servicePort: number,
) {
  return {
    name: `rs${at + 1}`,
    address: addressAt(at, forwarding),
    ...(forwarding !== mode && { mode: forwarding }),
    weight: Math.min(weight, heaviest),
    ...(forwarding === 'nat' && port > 0 && port !== servicePort && { port }),
    ...(upper > 0 && { uthreshold: upper }),
    ...(lower > 0 && lower <= upper && { lthreshold: lower }),
  };
}

function addressAt(at: number, mode: Mode): string {
  return mode === 'nat' ? hostAt(back, BigInt(at + 2)) : hostAt(front, BigInt(at + 4));
}

function flagsOf({ flags, scheduler }: ImportedService): { flags?: SchedulerFlag[] } {
  const known = schedulerFlags.filter((flag) => flags.includes(flag) && flag.startsWith(`${scheduler}-`));
  return known.length > 0 ? { flags: known } : {};
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'real server' : 'real servers'}`;
}

function isMask(text: string): boolean {
  return isNetmask(text);
}

function head(
  service: ImportedService,
  servers: readonly ImportedServer[],
  from: string,
  losses: readonly string[],
): string {
  const lines = [
    `Made by lab import of ${from}.`,
    '',
    `VIP ${service.vip} is ${hostAt(front, 3n)} here; real servers, in the order they are added:`,
    ...servers.map(({ address, forwarding }, at) => `  ${address} is rs${at + 1}, ${addressAt(at, forwarding)}`),
    ...(losses.length > 0 ? ['', 'Not carried over:', ...losses.map((loss) => `  ${loss}`)] : []),
  ];
  // Control characters of somebody's file have no place in a comment.
  return `${lines.map((line) => `# ${line.replace(/\p{C}/gu, ' ')}`.trimEnd()).join('\n')}\n`;
}

function mostFrequent(all: readonly Mode[]): Mode {
  const count = (one: Mode) => all.filter((other) => other === one).length;
  return (['nat', 'dr', 'tun'] as const).reduce((best, one) => (count(one) > count(best) ? one : best));
}

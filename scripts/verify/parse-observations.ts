import type { Client } from '../backends/backend.ts';
import { LineError } from '../errors.ts';
import { parseConnections, parseCounters, parseTable } from '../ipvs/parse.ts';
import { completeTable, type TableService } from '../ipvs/table.ts';
import type { PlannedService } from '../plan/plan.ts';
import { clientOf } from './asking.ts';
import { parseClock } from './clock-seen.ts';
import type {
  Answer,
  ClientSeen,
  DirectorSeen,
  Interface,
  OneOfTwo,
  RealServerSeen,
  Reply,
  RouterSeen,
  VipSeen,
} from './observations.ts';

/** Splits what an observing script prints: `@@name`, then its lines. `@@answer` is a line inside a section. */
export function sections(text: string): Map<string, string> {
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^@@(\w+)$/.exec(line)?.[1];
    if (name) {
      current = [];
      found.set(name, current);
    } else current.push(line);
  }
  return new Map([...found].map(([name, lines]) => [name, lines.join('\n')]));
}

/** What of the client's view belongs to a service: its source ports. */
export interface AskedService {
  service: PlannedService;
  firstPort: number;
  step: number;
}

/**
 * @param text what verify/client printed
 * @param arp what verify/arp printed
 */
export function parseClient(
  text: string,
  arp: string,
  asked: readonly AskedService[],
  vips: readonly string[],
): ClientSeen {
  const part = sections(text);
  const owned = sections(arp);
  const replies = parseReplies(part.get('capture') ?? '');
  return {
    services: asked.map(({ service, firstPort, step }, index) => ({
      // curl names no port for a connection that it did not get, and of FTP that of the data connection.
      answers: parseAnswers(part.get(`answers${index}`) ?? '', clientOf(service)).map((answer, number) => ({
        ...answer,
        localPort: answer.localPort > 0 && step < 2 ? answer.localPort : firstPort + number * step,
      })),
      replies: replies.filter(
        ({ localPort, sourcePort }) =>
          localPort >= firstPort &&
          localPort < firstPort + Math.max(1, service.requests * step) &&
          service.endpoints.some(({ port }) => port === sourcePort),
      ),
    })),
    vips: new Map(
      vips.map((vip, index): [string, VipSeen] => [
        vip,
        {
          neighbour: /lladdr ([0-9a-f:]{17})/.exec(part.get(`neighbour${index}`) ?? '')?.[1],
          owners: parseOwners(owned.get(`owners${index}`) ?? ''),
        },
      ]),
    ),
  };
}

/** arping: `… from 192.168.1.3 [52:54:00:01:0D:01]  0.9ms`; ndisc6: `Target link-layer address: 52:54:00:01:0D:01`. */
function parseOwners(text: string): string[] {
  const macs = text.matchAll(/(?:\[|link-layer address: )([0-9A-F]{2}(?::[0-9A-F]{2}){5})/gi);
  return [...new Set([...macs].map(([, mac = '']) => mac.toLowerCase()))];
}

/** Pages, each followed by its `@@answer` line; some clients tell the time in words of their own. */
export function parseAnswers(text: string, { seconds: ownSeconds }: Client): Answer[] {
  const answers: Answer[] = [];
  let page = '';
  for (const line of text.split('\n')) {
    const found = /^@@answer (\d+) (-?\d+) ([\d.]+) (\d+) ?(.*)$/.exec(line);
    if (!found) {
      page += `${line}\n`;
      continue;
    }
    const [, status, localPort, seconds, exitCode, error] = found;
    answers.push({
      status: Number(status),
      server: /This is real server ([a-z0-9-]+)/.exec(page)?.[1],
      localPort: Number(localPort),
      seconds: ownSeconds?.(page) ?? Number(seconds),
      error: exitCode === '0' ? undefined : error || `exit code ${exitCode}`,
    });
    page = '';
  }
  return answers;
}

/** Lines of tcpdump -e -n: `TIME SRC-MAC > DST-MAC, ethertype IPv4 (0x0800), length 74: SRC.PORT > DST.PORT: Flags [S.], …` */
export function parseReplies(text: string): Reply[] {
  const line = /^\S+ ([0-9a-f:]{17}) > [0-9a-f:]{17}, .*?: ([0-9a-f.:]+)\.(\d+) > [0-9a-f.:]+\.(\d+): /gm;
  return [...text.matchAll(line)].map(([, sender = '', source = '', sourcePort, localPort]) => ({
    sender,
    source,
    sourcePort: Number(sourcePort),
    localPort: Number(localPort),
  }));
}

/** @param meanwhile looks between, for connections that are forgotten before the last one */
export function parseDirector(
  before: string,
  meanwhile: readonly string[],
  after: string,
  services: readonly PlannedService[],
): DirectorSeen {
  const earlier = sections(before);
  const part = sections(after);
  return {
    before: parseCounters(earlier.get('counters') ?? ''),
    tableBefore: parseTable(earlier.get('table') ?? ''),
    connectionsBefore: parseConnections(earlier.get('connections') ?? ''),
    after: parseCounters(part.get('counters') ?? ''),
    table: parseTable(part.get('table') ?? ''),
    connections: [...meanwhile, after].flatMap((text) => parseConnections(sections(text).get('connections') ?? '')),
    rules: rulesIn(part),
    settings: new Map([...parseTimeouts(part.get('timeouts') ?? ''), ...parseSysctls(part.get('vs') ?? '')]),
    helpers: [...(part.get('helpers') ?? '').matchAll(/^TCP\s+(\d+)\s+\d+\s+(\w+)/gm)].map(
      ([, port, name]) => `${name} ${port}`,
    ),
    marks: part.get('marks') ?? '',
    addresses: parseInterfaces(part.get('addresses') ?? ''),
    forward: part.get('forward')?.trim() === '1',
    reach: services.map((service, index) => parseAnswers(part.get(`reach${index}`) ?? '', clientOf(service))),
  };
}

/** `Timeout (tcp tcpfin udp): 900 120 300` */
function parseTimeouts(text: string): [string, number][] {
  const [, tcp, tcpfin, udp] = /: (\d+) (\d+) (\d+)/.exec(text) ?? [];
  return tcp
    ? [
        ['tcp', Number(tcp)],
        ['tcpfin', Number(tcpfin)],
        ['udp', Number(udp)],
      ]
    : [];
}

/** `/proc/sys/net/ipv4/vs/conntrack:0` */
function parseSysctls(text: string): [string, number][] {
  return [...text.matchAll(/\/vs\/(\w+):(\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]);
}

/** Lines of ip -brief address: `eth0  UP  192.168.1.2/24 192.168.1.3/32 fe80::…/64`; tunl0 is `tunl0@NONE`, `UNKNOWN`. */
export function parseInterfaces(text: string): Interface[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', state, ...addresses] = line.trim().split(/\s+/);
    return name && state ? [{ name: name.replace(/@.*/, ''), up: state !== 'DOWN', addresses }] : [];
  });
}

/** What verify/vrrp printed. */
export function parseOneOfTwo(text: string): OneOfTwo {
  const part = sections(text);
  const daemons = (part.get('daemons') ?? '').matchAll(/^(\w+) sync daemon \((.*)\)$/gm);
  return {
    state: /State = (\w+)/.exec(part.get('state') ?? '')?.[1],
    daemons: new Map([...daemons].map(([, state = '', what = '']) => [state, what])),
    addresses: parseInterfaces(part.get('addresses') ?? ''),
    rules: rulesIn(part),
  };
}

/** The director's table; none where ipvsadm says what nobody can read, which is a table that is not as planned. */
function rulesIn(part: Map<string, string>): TableService[] {
  try {
    return completeTable(part.get('rules') ?? '', part.get('thresholds') ?? '', part.get('table') ?? '');
  } catch (error) {
    if (error instanceof LineError) return [];
    throw error;
  }
}

export function parseRouter(text: string): RouterSeen {
  return { sysctls: parsePairs(sections(text).get('sysctls') ?? '') };
}

/** Lines of a key and a number. */
function parsePairs(text: string): Map<string, number> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [key, value] = line.split(' ');
      return key && value ? [[key, Number(value)] as const] : [];
    }),
  );
}

export function parseRealServer(before: string | undefined, after: string): RealServerSeen {
  const part = sections(after);
  const clock = part.get('clock');
  const packets = (text: string | undefined) => (text?.trim() ? Number(text) : undefined);
  return {
    tunnelBefore: packets(before === undefined ? undefined : sections(before).get('tunnel')),
    tunnelAfter: packets(part.get('tunnel')),
    addresses: parseInterfaces(part.get('addresses') ?? ''),
    gateway: /default via (\S+)/.exec(part.get('gateway') ?? '')?.[1],
    sysctls: parsePairs(part.get('sysctls') ?? ''),
    fou: (part.get('fou') ?? '').split('\n').filter((line) => line.startsWith('port')),
    clock: clock === undefined ? undefined : parseClock(clock),
  };
}

import { parseConnections, parseCounters, parseTable } from '../ipvs/parse.ts';
import { parseThresholds } from '../ipvs/table.ts';
import type { Answer, ClientSeen, DirectorSeen, Interface, RealServerSeen, Reply } from './observations.ts';

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

/**
 * @param text what verify/client printed
 * @param arp what verify/arp printed
 * @param firstPort the port of the first request; each next one has the next
 */
export function parseClient(text: string, arp: string, firstPort: number): ClientSeen {
  const part = sections(text);
  return {
    answers: parseAnswers(part.get('answers') ?? '').map((answer, index) => ({
      ...answer,
      // curl names no port for a connection that it did not get.
      localPort: answer.localPort > 0 ? answer.localPort : firstPort + index,
    })),
    neighbour: /lladdr ([0-9a-f:]{17})/.exec(part.get('neighbour') ?? '')?.[1],
    arpReplies: [...new Set([...arp.matchAll(/\[([0-9A-F:]{17})\]/gi)].map(([, mac = '']) => mac.toLowerCase()))],
    replies: parseReplies(part.get('capture') ?? ''),
  };
}

/** Pages, each followed by its `@@answer` line from curl's --write-out. */
export function parseAnswers(text: string): Answer[] {
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
      seconds: Number(seconds),
      error: exitCode === '0' ? undefined : error || `curl exit code ${exitCode}`,
    });
    page = '';
  }
  return answers;
}

/** Lines of tcpdump -e -n: `TIME SRC-MAC > DST-MAC, ethertype IPv4 (0x0800), length 74: SRC.PORT > DST.PORT: Flags [S.], …` */
export function parseReplies(text: string): Reply[] {
  const line = /^\S+ ([0-9a-f:]{17}) > [0-9a-f:]{17}, .*?: (\d+\.\d+\.\d+\.\d+)\.\d+ > \d+\.\d+\.\d+\.\d+\.(\d+): /gm;
  return [...text.matchAll(line)].map(([, sender = '', source = '', port]) => ({
    sender,
    source,
    localPort: Number(port),
  }));
}

export function parseDirector(before: string, after: string): DirectorSeen {
  const earlier = sections(before);
  const part = sections(after);
  return {
    before: parseCounters(earlier.get('counters') ?? ''),
    tableBefore: parseTable(earlier.get('table') ?? ''),
    connectionsBefore: parseConnections(earlier.get('connections') ?? ''),
    after: parseCounters(part.get('counters') ?? ''),
    table: parseTable(part.get('table') ?? ''),
    connections: parseConnections(part.get('connections') ?? ''),
    thresholds: new Map(
      [...parseThresholds(part.get('thresholds') ?? '')].map(([key, bounds]) => [key.split(' ').at(-1) ?? '', bounds]),
    ),
    settings: new Map([...parseTimeouts(part.get('timeouts') ?? ''), ...parseSysctls(part.get('vs') ?? '')]),
    addresses: parseInterfaces(part.get('addresses') ?? ''),
    forward: part.get('forward')?.trim() === '1',
    reach: parseAnswers(part.get('reach') ?? ''),
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

export function parseRealServer(before: string | undefined, after: string): RealServerSeen {
  const part = sections(after);
  const packets = (text: string | undefined) => (text?.trim() ? Number(text) : undefined);
  return {
    tunnelBefore: packets(before === undefined ? undefined : sections(before).get('tunnel')),
    tunnelAfter: packets(part.get('tunnel')),
    addresses: parseInterfaces(part.get('addresses') ?? ''),
    gateway: /default via (\S+)/.exec(part.get('gateway') ?? '')?.[1],
    sysctls: new Map(
      (part.get('sysctls') ?? '').split('\n').flatMap((line) => {
        const [key, value] = line.split(' ');
        return key && value ? [[key, Number(value)] as const] : [];
      }),
    ),
  };
}

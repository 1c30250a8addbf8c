import { LineError } from '../errors.ts';
import { familyOf, isAddress } from '../model/addresses.ts';
import { type Mode, protocols, tunnels } from '../model/lab.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';
import { readBlocks, type Statement } from './keepalived-blocks.ts';

/** lvs_method (lb_kind) of keepalived.conf(5); NAT is its default. */
const methods: Record<string, Mode> = { NAT: 'nat', DR: 'dr', TUN: 'tun' };
const flags = ['sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];

/** persistence_timeout without a number: six minutes (keepalived.conf(5)). */
const defaultPersistence = 360;

/** The virtual servers of a keepalived.conf. @throws LineError naming the line */
export function importKeepalived(text: string): Imported {
  const services: ImportedService[] = [];
  const left: string[] = [];
  const statements = readBlocks(withDefinitions(text));
  const groups = new Map(
    statements
      .filter(({ words: [word] }) => word === 'virtual_server_group')
      .map(({ words: [, name = ''], block = [] }) => [name, block]),
  );
  for (const statement of statements) {
    const [word = '', first = '', name = ''] = statement.words;
    if (word === 'virtual_server_group') continue;
    if (word !== 'virtual_server') left.push(`${statement.words.join(' ')} (line ${statement.line})`);
    else if (first !== 'group') services.push(serviceOf(statement));
    else {
      const members = groups.get(name);
      if (!members) throw new LineError(statement.line, `there is no virtual_server_group ${name}`);
      for (const { words, line } of members) {
        const one = words[0] === 'fwmark' || isAddress(words[0] ?? '');
        if (one) services.push(serviceOf({ ...statement, words: ['virtual_server', ...words] }));
        else left.push(`${words.join(' ')} of virtual_server_group ${name} (line ${line})`);
      }
    }
  }
  return { services, left };
}

/** Puts in what `$NAME=value` defines, for $NAME and ${NAME}: one line each, as most files have it. */
function withDefinitions(text: string): string {
  const definitions = new Map(
    [...text.matchAll(/^[ \t]*\$(\w+)[ \t]*=(.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
  return text
    .replace(/^[ \t]*\$\w+[ \t]*=.*$/gm, '')
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced, plain) => definitions.get(braced ?? plain) ?? whole);
}

function serviceOf({ words, block = [], line }: Statement): ImportedService {
  const [, first = '', second = ''] = words;
  const marked = first === 'fwmark';
  const value = (...names: string[]) => block.find(({ words: [name = ''] }) => names.includes(name))?.words[1];
  const has = (name: string) => block.find(({ words: [word] }) => word === name);
  if (!marked && !isAddress(first)) throw new LineError(line, `${JSON.stringify(first)} is no address`);
  const method = methods[(value('lvs_method', 'lb_kind') ?? 'NAT').toUpperCase()];
  if (!method) throw new LineError(line, `lvs_method ${value('lvs_method', 'lb_kind')} is not known`);
  const said = (value('protocol') ?? 'TCP').toLowerCase();
  const protocol = protocols.find((one) => one === said);
  if (!protocol) throw new LineError(line, `protocol ${value('protocol')} is not known`);
  const known = ['lvs_sched', 'lb_algo', 'lvs_method', 'lb_kind', 'protocol', 'persistence_timeout', 'real_server'];
  const ours = [...known, 'persistence_granularity', 'ops', ...flags];
  const persistence = has('persistence_timeout');
  return {
    title: marked ? `mark ${second}` : `${protocol.toUpperCase()} ${first}:${second}`,
    protocol: marked ? 'mark' : protocol,
    vip: marked ? '' : first,
    port: numberOf(second || '0', line),
    ipv6: marked ? words[3] === 'inet6' : familyOf(first) === 6,
    scheduler: value('lvs_sched', 'lb_algo') ?? 'wlc',
    flags: flags.filter(has),
    persistence: persistence ? numberOf(persistence.words[1] ?? String(defaultPersistence), persistence.line) : 0,
    granularity: value('persistence_granularity') ?? '',
    ops: has('ops') !== undefined,
    servers: block
      .filter(({ words: [word] }) => word === 'real_server')
      .map((one) => serverOf(one, method, has('lvs_method')?.words ?? has('lb_kind')?.words ?? [])),
    left: [
      ...block
        .filter(({ words: [word = ''] }) => !ours.includes(word))
        .map((one) => `${one.words.join(' ')} (line ${one.line})`),
      ...block
        .filter(({ words: [word] }) => word === 'real_server')
        .flatMap(({ words: [, address], block: inner = [] }) =>
          inner
            .filter(({ words: [word = ''] }) => !['weight', 'uthreshold', 'lthreshold', 'lvs_method'].includes(word))
            .map((one) => `${one.words.join(' ')} of real server ${address} (line ${one.line})`),
        ),
    ],
  };
}

/** @param wrapping `lvs_method TUN type gue port 6080` of the virtual server, which a real server may say again */
function serverOf({ words, block = [], line }: Statement, method: Mode, wrapping: readonly string[]): ImportedServer {
  const [, address = '', port = '0'] = words;
  if (!isAddress(address)) throw new LineError(line, `${JSON.stringify(address)} is no address of a real server`);
  const value = (name: string) => block.find(({ words: [word] }) => word === name)?.words[1];
  const own = value('lvs_method');
  const said = own ? (block.find(({ words: [word] }) => word === 'lvs_method')?.words ?? []) : wrapping;
  const behind = (name: string) => (said.includes(name) ? said[said.indexOf(name) + 1] : undefined);
  if (own && !methods[own.toUpperCase()]) throw new LineError(line, `lvs_method ${own} is not known`);
  return {
    address,
    port: numberOf(port, line),
    forwarding: own ? (methods[own.toUpperCase()] ?? method) : method,
    weight: numberOf(value('weight') ?? '1', line),
    upper: numberOf(value('uthreshold') ?? '0', line),
    lower: numberOf(value('lthreshold') ?? '0', line),
    tunnel: tunnels.find((one) => one === behind('type')) ?? 'ipip',
    tunnelPort: numberOf(behind('port') ?? '0', line),
  };
}

function numberOf(text: string, line: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new LineError(line, `${JSON.stringify(text)} is no number`);
}

import { LineError } from '../errors.ts';
import { familyOf, isAddress } from '../model/addresses.ts';
import { type Mode, protocols, tunnels } from '../model/words.ts';
import type { Imported, ImportedServer, ImportedService } from './imported.ts';
import { readBlocks, type Statement } from './keepalived-blocks.ts';

/** lvs_method (lb_kind) of keepalived.conf(5); NAT is its default. */
const methods: Record<string, Mode> = { NAT: 'nat', DR: 'dr', TUN: 'tun' };
const flags = ['sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'];

/** persistence_timeout without a number: six minutes (keepalived.conf(5)). */
const defaultPersistence = 360;

/** The virtual servers of keepalived.conf(5). @throws LineError with the line of the mistake */
export function importKeepalived(text: string): Imported {
  const services: ImportedService[] = [];
  const notCarriedOver: string[] = [];
  const statements = readBlocks(withDefinitions(text));
  const groups = new Map(
    statements
      .filter(({ words: [word] }) => word === 'virtual_server_group')
      .map(({ words: [, name = ''], block = [] }) => [name, block]),
  );
  for (const statement of statements) {
    const [word = '', first = '', name = ''] = statement.words;
    if (word === 'virtual_server_group') continue;
    if (word !== 'virtual_server') notCarriedOver.push(`${statement.words.join(' ')} (line ${statement.line})`);
    else if (first !== 'group') services.push(serviceOf(statement));
    else {
      const members = groups.get(name);
      if (!members) throw new LineError(statement.line, `there is no virtual_server_group ${name}`);
      for (const { words, line } of members) {
        const one = words[0] === 'fwmark' || isAddress(words[0] ?? '');
        if (one) services.push(serviceOf({ ...statement, words: ['virtual_server', ...words] }));
        else notCarriedOver.push(`${words.join(' ')} of virtual_server_group ${name} (line ${line})`);
      }
    }
  }
  return { services, notCarriedOver: [...notCarriedOver, ...ownKeys(statements)] };
}

/** The keys of a lab file that add what an import leaves out. */
function ownKeys(statements: readonly Statement[]): string[] {
  const words = wordsIn(statements);
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word));
  return [
    ...(has(/^[A-Z\d]+_(CHECK|GET)$/)
      ? ['health checks: add them with the key health of the lab file, as in health: { by: keepalived }']
      : []),
    ...(has(/^vrrp_instance$/)
      ? ['VRRP: add a second director with the key backup of the lab file, as in backup: 192.168.1.250']
      : []),
  ];
}

/** The first word of each statement and of those within it. */
function wordsIn(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ words: [word = ''], block = [] }) => [word, ...wordsIn(block)]);
}

/** Replaces $NAME and ${NAME} by what `$NAME=value` defines. Definitions over several lines are not read. */
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
  if (!marked && !isAddress(first)) throw new LineError(line, `${JSON.stringify(first)} is not an address`);
  const method = methods[(value('lvs_method', 'lb_kind') ?? 'NAT').toUpperCase()];
  if (!method) throw new LineError(line, `lvs_method ${value('lvs_method', 'lb_kind')} is unknown`);
  const protocolWord = (value('protocol') ?? 'TCP').toLowerCase();
  const protocol = protocols.find((one) => one === protocolWord);
  if (!protocol) throw new LineError(line, `protocol ${value('protocol')} is unknown`);
  const known = ['lvs_sched', 'lb_algo', 'lvs_method', 'lb_kind', 'protocol', 'persistence_timeout', 'real_server'];
  const carriedOver = [...known, 'persistence_granularity', 'ops', ...flags];
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
    notCarriedOver: [
      ...block
        .filter(({ words: [word = ''] }) => !carriedOver.includes(word))
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

/** @param tunnelWords `lvs_method TUN type gue port 6080` of the virtual server; a real server may have its own */
function serverOf(
  { words, block = [], line }: Statement,
  method: Mode,
  tunnelWords: readonly string[],
): ImportedServer {
  const [, address = '', port = '0'] = words;
  if (!isAddress(address)) throw new LineError(line, `${JSON.stringify(address)} is not an address of a real server`);
  const value = (name: string) => block.find(({ words: [word] }) => word === name)?.words[1];
  const lvsMethod = block.find(({ words: [word] }) => word === 'lvs_method')?.words;
  const [, methodWord = ''] = lvsMethod ?? [];
  const ownMethod = methods[methodWord.toUpperCase()];
  if (methodWord && !ownMethod) throw new LineError(line, `lvs_method ${methodWord} is unknown`);
  const methodWords = lvsMethod ?? tunnelWords;
  const after = (name: string) => (methodWords.includes(name) ? methodWords[methodWords.indexOf(name) + 1] : undefined);
  return {
    address,
    port: numberOf(port, line),
    forwarding: ownMethod ?? method,
    weight: numberOf(value('weight') ?? '1', line),
    upper: numberOf(value('uthreshold') ?? '0', line),
    lower: numberOf(value('lthreshold') ?? '0', line),
    tunnel: tunnels.find((one) => one === after('type')) ?? 'ipip',
    tunnelPort: numberOf(after('port') ?? '0', line),
  };
}

function numberOf(text: string, line: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new LineError(line, `${JSON.stringify(text)} is not a number`);
}

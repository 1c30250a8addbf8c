import { familyOf, isAddress, prefixOfNetmask } from '../../../model/addresses.ts';
import { longestTimeout } from '../../../model/limits.ts';
import { type Protocol, protocols, schedulers } from '../../../model/words.ts';
import type { ImportedServer, ImportedService, Said, Watch } from '../../imported.ts';
import { Ledger } from '../../ledger.ts';
import { lastSaid, wholeNumber } from '../../said.ts';
import type { Statement } from '../../statement.ts';
import { Wrong } from '../../wrong.ts';
import { type Front, frontsOf, markOf } from './groups.ts';
import { type Method, methodAfter, noMethod } from './methods.ts';
import { serverOf } from './servers.ts';
import { addressOf, named, truth } from './values.ts';

/** Seconds of persistence where something asks for it without a number (IPVS_SVC_PERSISTENT_TIMEOUT in libipvs.h). */
const usualPersistence = 360;

/** The scheduler of a virtual server that names none that there is. */
const usualScheduler = 'wlc';

/** Methods of patched kernels. */
const patched = /^(FNAT|FULLNAT|SNAT)$/;

/** The services of a virtual_server: one, or one for each address and mark of its group. */
export function servicesOf(
  statement: Statement,
  groups: ReadonlyMap<string, Statement>,
  ledger: Ledger,
): ImportedService[] {
  const { block = [] } = statement;
  const strange = named(block, 'lb_kind', 'lvs_method').find(({ words: [, word = ''] }) => patched.test(word));
  if (strange) {
    ledger.leave(strange, `IPVS has no method ${strange.words[1]}; some patched kernels have`);
    ledger.leave(statement, `the service is left: ${strange.text} in line ${strange.line} is none of IPVS`);
    return [];
  }
  const fronts = frontsFor(statement, groups, ledger);
  if (fronts instanceof Wrong) {
    ledger.leave(statement, `${fronts.why}, so keepalived has no such service`);
    return [];
  }
  const method = methodOf(block, block.length, ledger);
  const silent = new Ledger();
  const shared = {
    weight: lastSaid(ledger, named(block, 'weight'), 1, (by) => wholeNumber(by.word(1), 1, 65_535)),
    quiescent: lastSaid(ledger, named(block, 'inhibit_on_failure'), false, () => true),
    methodAt: (server: Statement) => methodOf(block, block.indexOf(server), silent),
    method,
  };
  const servers = named(block, 'real_server').flatMap((one) => {
    const server = serverOf(one, statement, shared, ledger);
    if (!(server instanceof Wrong)) return server;
    ledger.leave(one, `${server.why}, so keepalived has no such real server`);
    return [];
  });
  if (servers.length === 0) ledger.leave(statement, 'it has no real server, so keepalived has no such service');
  return servers.length === 0 ? [] : fronts.map((front) => serviceOf(statement, front, servers, ledger, fronts));
}

function frontsFor(by: Statement, groups: ReadonlyMap<string, Statement>, ledger: Ledger): Front[] | Wrong {
  const word = by.word(1);
  if (word === 'group') {
    const group = groups.get(by.word(2) ?? '');
    if (!group) return new Wrong(`there is no virtual_server_group ${by.words[2] ?? ''}`.trim());
    ledger.keep(group);
    group.word(1);
    return frontsOf(group, ledger);
  }
  if (word === 'fwmark') {
    const mark = markOf(by, 2);
    return mark instanceof Wrong ? mark : [mark];
  }
  const place = addressOf(by, 1);
  if (place instanceof Wrong) return place;
  return [{ by, vip: place.address, port: place.port, mark: false, ipv6: undefined }];
}

/** The method that the statements before a place say. */
function methodOf(block: readonly Statement[], end: number, ledger: Ledger): Method {
  const said = named(block.slice(0, end), 'lb_kind', 'lvs_method');
  return said.reduce((before, one) => methodAfter(before, one, ledger), noMethod);
}

function serviceOf(
  statement: Statement,
  front: Front,
  servers: ImportedServer[],
  ledger: Ledger,
  fronts: readonly Front[],
): ImportedService {
  const { block = [] } = statement;
  const protocol = protocolOf(block, front, statement, ledger);
  const scheduler = lastSaid(ledger, named(block, 'lb_algo', 'lvs_sched'), usualScheduler, (by) => {
    const word = by.word(1) ?? '';
    return schedulers.some((one) => one === word)
      ? word
      : new Wrong(
          `keepalived does not know the scheduler ${JSON.stringify(word)}; it stays with the one before, or ${usualScheduler}`,
        );
  });
  const ipv6 = front.mark ? markFamily(block, front, servers, ledger) : familyOf(front.vip) === 6;
  const granularity = lastSaid(ledger, named(block, 'persistence_granularity'), '', (by) => granularityOf(by, ipv6));
  const portless = fronts.some(({ mark, port }) => !mark && port === 0);
  const ops = lastSaid(ledger, named(block, 'ops'), false, () => true);
  const impossible = ops.by && !front.mark && protocol.value !== 'udp';
  if (impossible) ledger.leave(ops.by, 'one-packet scheduling is for UDP, so keepalived takes it back');
  return {
    by: front.by,
    protocol: front.mark ? 'mark' : protocol.value,
    vip: front.vip,
    port: front.port,
    ipv6,
    scheduler,
    flags: flagsOf(block, ledger),
    persistence: persistenceOf(block, ledger, granularity.by !== undefined || portless),
    granularity,
    ops: impossible ? { value: false } : ops,
    servers: serversFor(front, servers, ledger),
    ...(front.mark && { hints: hintsOf(protocol, servers) }),
    watch: watchOf(block, ledger),
    also: [statement, protocol.by, ...named(block, 'ip_family')].filter((one) => one !== undefined),
  };
}

/** Without a right word the kernel takes 0 for UDP, and so does keepalived (validate_check_config in check_data.c). */
function protocolOf(
  block: readonly Statement[],
  { mark }: Front,
  statement: Statement,
  ledger: Ledger,
): Said<Protocol> {
  const found = lastSaid<Protocol | undefined>(ledger, named(block, 'protocol'), undefined, (by) => {
    const word = by.word(1)?.toLowerCase() ?? '';
    return (
      protocols.find((one) => one === word) ??
      new Wrong(`keepalived does not know the protocol ${JSON.stringify(by.words[1] ?? '')}`)
    );
  });
  const { value, by } = found;
  if (value) return { value, by };
  if (!mark) ledger.note(statement, 'no protocol: keepalived makes it UDP');
  return { value: mark ? 'tcp' : 'udp' };
}

function persistenceOf(block: readonly Statement[], ledger: Ledger, needed: boolean): Said<number> {
  return lastSaid(ledger, named(block, 'persistence_timeout'), needed ? usualPersistence : 0, (by) => {
    const value = by.words.length < 2 ? usualPersistence : wholeNumber(by.word(1), 1, longestTimeout);
    return value instanceof Wrong ? new Wrong(`${value.why}, so keepalived passes over it`) : value;
  });
}

function granularityOf(by: Statement, ipv6: boolean): string | Wrong {
  const word = by.word(1) ?? '';
  if (ipv6) {
    const bits = wholeNumber(word, 1, 128);
    return bits instanceof Wrong ? bits : word;
  }
  if (!isAddress(word) || word.includes(':')) return new Wrong('not a netmask');
  return prefixOfNetmask(word) > 0 || word === '255.255.255.255'
    ? word
    : new Wrong('a lab file has netmasks of ones, then zeros');
}

/** A flag of sh or mh counts only after the scheduler (lbflags_handler in check_parser.c). */
function flagsOf(block: readonly Statement[], ledger: Ledger): Said<string>[] {
  const flags: Said<string>[] = [];
  let scheduler = '';
  for (const one of block) {
    const word = one.words[1] ?? '';
    if (/^(lb_algo|lvs_sched)$/.test(one.name) && schedulers.some((known) => known === word)) scheduler = word;
    if (/^flag-[123]$/.test(one.name)) flags.push({ value: one.name, by: one });
    if (!/^[sm]h-(port|fallback)$/.test(one.name)) continue;
    if (one.name.startsWith(`${scheduler}-`)) flags.push({ value: one.name, by: one });
    else ledger.leave(one, `keepalived wants lvs_sched ${one.name.slice(0, 2)} before it`);
  }
  return flags;
}

/** The family of a mark: as it says, else that of its real servers without tunnels, else that of all (vs_end_handler). */
function markFamily(
  block: readonly Statement[],
  front: Front,
  servers: readonly ImportedServer[],
  ledger: Ledger,
): boolean {
  if (front.ipv6 !== undefined) return front.ipv6;
  const said = lastSaid<boolean | undefined>(ledger, named(block, 'ip_family'), undefined, (by) => {
    const word = by.word(1) ?? '';
    return /^inet6?$/.test(word) ? word === 'inet6' : new Wrong('the family is inet or inet6');
  });
  if (said.value !== undefined) return said.value;
  const [granularity] = named(block, 'persistence_granularity');
  if (granularity) return !granularity.words[1]?.includes('.');
  const six = servers.map(({ address }) => familyOf(address) === 6);
  const direct = servers.findIndex(({ forwarding }) => forwarding.value !== 'tun');
  return direct >= 0 ? (six[direct] ?? false) : six.every(Boolean);
}

function hintsOf(protocol: Said<Protocol>, servers: readonly ImportedServer[]): NonNullable<ImportedService['hints']> {
  const ports = new Set(servers.map(({ port }) => port));
  const [port = 0] = ports;
  return { ...(protocol.by && { protocol }), ...(ports.size === 1 && port > 0 && { port }) };
}

function watchOf(block: readonly Statement[], ledger: Ledger): Watch {
  const weight = (name: string, least: number) =>
    lastSaid(ledger, named(block, name), least, (by) => wholeNumber(by.word(1), least, 65_535));
  return {
    by: 'keepalived',
    ...sorryOf(block, ledger),
    omega: lastSaid(ledger, named(block, 'omega'), false, truth),
    quorum: weight('quorum', 1),
    hysteresis: weight('hysteresis', 0),
  };
}

function sorryOf(block: readonly Statement[], ledger: Ledger): { sorry?: Said<string> } {
  const sorry = lastSaid(ledger, named(block, 'sorry_server'), '', (by) => {
    const place = addressOf(by, 1);
    return place instanceof Wrong ? place : place.address;
  });
  return sorry.by ? { sorry } : {};
}

/** Real servers as they get into the table: one that is there twice counts once, and without port it has that of the service. */
function serversFor(front: Front, servers: readonly ImportedServer[], ledger: Ledger): ImportedServer[] {
  const seen = new Map<string, ImportedServer>();
  for (const server of servers) {
    const free = front.mark || server.forwarding.value === 'nat';
    const port = front.mark ? 0 : free ? server.port || front.port : front.port;
    const key = `${server.address} ${port}`;
    const before = seen.get(key);
    if (before && server.port === before.port)
      ledger.leave(server.by, `line ${before.by.line} has the same real server`);
    else if (before)
      ledger.leave(
        server.by,
        `${server.forwarding.value} cannot change ports, so it is the real server of line ${before.by.line} once more`,
      );
    else seen.set(key, { ...server, port: front.mark ? 0 : free ? port : server.port });
  }
  return [...seen.values()];
}

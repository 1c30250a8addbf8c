import type { Backend } from '../backends/backend.ts';
import { checksOver, type HealthCheck } from '../backends/health-checks.ts';
import { type BackendName, backends, usualBackend } from '../backends/index.ts';
import { type Family, hostAt, isNetmask } from '../model/addresses.ts';
import { fwmarkRange, longestTimeout, portRange } from '../model/limits.ts';
import { schedulerWords } from '../model/schedulers.ts';
import type { MemberInFile } from '../model/schema/real-server.ts';
import type { WrittenService } from '../model/schema/service.ts';
import { endpointsOf, protocolOf } from '../model/services.ts';
import { type Protocol, type SchedulerFlag, schedulerFlags, schedulers } from '../model/words.ts';
import { type Draft, networks } from './draft.ts';
import type { ImportedService } from './imported.ts';
import { membersOf } from './members.ts';
import { backendFor, takePorts, whyNoBackend } from './ports.ts';
import { titleOf } from './titles.ts';
import { Wrong } from './wrong.ts';

/** A configuration does not say which ports a mark joins. A lab joins those of web pages. */
const markedPorts = backends.flatMap(({ pages, port }) => (pages ? port : []));

const unknownScheduler = 'wlc';

/** A service of the lab, or nothing if the lab can't have this one. */
export function serviceFor(draft: Draft, imported: ImportedService): WrittenService | undefined {
  const made = draft.ledger.attempt(() => tried(draft, imported));
  if (!(made instanceof Wrong)) return made;
  draft.ledger.leave(imported.by, made.why);
  return undefined;
}

function tried(draft: Draft, imported: ImportedService): WrittenService | Wrong {
  const { vips, names, family, ledger } = draft;
  const { by, protocol: kind, port: number } = imported;
  const refuse = (why: string) => new Wrong(why);
  const marked = kind === 'mark';
  if (number > (marked ? fwmarkRange.most : portRange.most))
    return refuse(`there is no ${marked ? 'mark' : 'port'} ${number}`);
  if (marked && number === 0) return refuse('0 is not a mark');
  const { protocol, port } = endOf(imported);
  const key = marked ? titleOf(imported) : imported.vip;
  const vip = vips.get(key) ?? hostAt(networks[family].front, BigInt(vips.size === 0 ? 3 : 200 + vips.size));
  const name = marked ? key : `${protocol} ${vip} ${port}`;
  if (names.has(name)) return refuse('another service has its address and port');
  const members = membersOf(draft, imported);
  if (members.length === 0) return refuse('none of its real servers can be carried over');
  const options = optionsOf(draft, imported, members);
  const whole = marked ? undefined : onAllPorts(draft, imported, members, { vip, port: 0, protocol, ...options });
  if (whole) {
    vips.set(key, vip);
    noteHash(draft, imported, whole);
    return whole;
  }
  const bare: WrittenService = { vip, ...(marked && { fwmark: number }), port, ...options, real_servers: members };
  const plain = withProtocol(bare, protocol);
  const usual = backendFor(plain);
  const wish = checkedBackend(imported, usual) ?? usual;
  const backend = takePorts(draft, plain, members, wish);
  if (!backend) return refuse(whyNoBackend(draft, members, wish));
  const made = usual === backend ? plain : withProtocol(bare, protocol, backend.name);
  vips.set(key, vip);
  names.add(name);
  ledger.keep(by, ...imported.also, imported.hints?.protocol?.by);
  if (marked)
    ledger.note(
      by,
      `which packets have this mark, the firewall says; the lab marks ${protocol} ${[port].flat().join(' and ')} of ${vip}`,
    );
  else if (number === 0) ledger.leave(by, `every port of the VIP: the lab uses port ${port}`);
  else if (![backend.port, ...backend.alsoAt].includes(number)) {
    const known = backend !== usual && backend === wish;
    const what = known ? 'its health checks say what answers there' : 'what answers there is not known';
    ledger.note(by, `${what}; the lab uses ${backend.name}`);
  }
  noteHash(draft, imported, made);
  return made;
}

/** A service with its backend; it says its protocol too, if that is not the one of its port and backend. */
function withProtocol(service: WrittenService, protocol: Protocol, backend?: BackendName): WrittenService {
  const named = backend ? { backend } : {};
  const usual = protocolOf({ ...service, ...named }) === protocol;
  return { ...service, ...(!usual && { protocol }), ...named };
}

/**
 * A service on port 0. A lab has no health checks for it, so one with checks becomes a service on one port; so does one beside
 * another service at a port that the lab's clients ask at.
 */
function onAllPorts(
  draft: Draft,
  { by, also, port, servers }: ImportedService,
  members: MemberInFile[],
  { protocol = 'tcp', ...bare }: WrittenService,
): WrittenService | undefined {
  const { names, ledger } = draft;
  const { vip, persistence = 0 } = bare;
  const fits =
    persistence > 0 &&
    servers.every(({ checks }) => checks.length === 0) &&
    members.every((one) => one.port === undefined);
  if (port !== 0 || !fits) return undefined;
  const made: WrittenService = { ...bare, ...(protocol !== 'tcp' && { protocol }), real_servers: members };
  const asked = endpointsOf(made);
  const wanted = asked.map((one) => `${protocol} ${vip} ${one.port}`);
  if (wanted.some((name) => names.has(name))) return undefined;
  const usual = backendFor(made);
  if (takePorts(draft, made, members, usual) !== usual) return undefined;
  for (const name of wanted) names.add(name);
  ledger.keep(by, ...also);
  ledger.note(by, `every port of the VIP; clients of the lab ask at ${asked.map((one) => one.port).join(' and ')}`);
  return made;
}

/** Health checks that do not tell what answers. */
const fitAnything: readonly HealthCheck[] = ['tcp', 'udp'];

/** The backend that has the health check of all real servers for its own, where the one of the port cannot have it. */
function checkedBackend({ servers, protocol }: ImportedService, usual: Backend<BackendName>) {
  const [kind, ...others] = new Set(servers.flatMap(({ checks }) => checks.map((one) => one.kind)));
  if (!kind || others.length > 0 || usual.healthChecks.includes(kind) || fitAnything.includes(kind)) return undefined;
  if (protocol === 'mark' || !checksOver(protocol, [kind]).includes(kind)) return undefined;
  return backends.find((one) => one.healthChecks[0] === kind && one.protocols.includes(protocol));
}

/**
 * A hash goes by addresses, and those of the lab are others. It refuses the clients that it leads to a real server of weight 0; mh
 * leads nobody there who was not led there before (lint says more of it).
 */
function noteHash(
  { ledger, places }: Draft,
  { by, servers, scheduler: said }: ImportedService,
  { scheduler = 'rr', flags = [] }: WrittenService,
): void {
  if (!schedulerWords[scheduler].hashes) return;
  ledger.note(
    said.by ?? by,
    `${scheduler} goes by addresses: in the lab they are others, so clients meet other real servers`,
  );
  if (flags.some((flag) => flag.endsWith('-fallback'))) return;
  const what =
    scheduler === 'mh'
      ? 'refuses the clients that it led there before, of whom the lab has none'
      : 'refuses the clients that it leads there';
  for (const server of servers.filter(({ weight }) => weight.value === 0)) {
    if (places.has(server)) ledger.note(server.by, `weight 0, perhaps only at that moment: ${scheduler} ${what}`);
  }
}

/** What clients of the lab use. For a mark that is what the configuration says beside it, else web pages. */
function endOf({ protocol, port, hints }: ImportedService): { protocol: Protocol; port: number | number[] } {
  if (protocol !== 'mark') return { protocol, port: port || usualBackend(protocol).port };
  const said = hints?.protocol?.value ?? 'tcp';
  return { protocol: said, port: hints?.port ?? (said === 'tcp' ? markedPorts : usualBackend(said).port) };
}

/** How connections are scheduled, as far as a lab file can express it. */
function optionsOf(draft: Draft, imported: ImportedService, members: readonly MemberInFile[]) {
  const { machines, ledger } = draft;
  const { flags, persistence: seconds, granularity: said, ops } = imported;
  const known = flags.filter(({ value, by }) => {
    const fits = schedulerFlags.some((one) => one === value) && value.startsWith(`${imported.scheduler.value}-`);
    if (fits) ledger.keep(by);
    else ledger.leave(by, `flag ${value} is none of ${imported.scheduler.value} in a lab file`);
    return fits;
  });
  const persistence = Math.min(seconds.value, longestTimeout);
  if (seconds.value > longestTimeout) ledger.leave(seconds.by, `the most is ${longestTimeout}`);
  ledger.keep(seconds.by);
  const nat = machines.some(({ name, mode }) => mode === 'nat' && members.some((one) => one.name === name));
  const single = ops.value && endOf(imported).protocol === 'udp' && !nat;
  if (single || !ops.value) ledger.keep(ops.by);
  else ledger.leave(ops.by, 'one-packet scheduling works over UDP only, and not by nat');
  const granularity = granularityOf(draft, imported, persistence);
  return {
    scheduler: schedulerOf(draft, imported),
    ...(known.length > 0 && { flags: known.map(({ value }) => value as SchedulerFlag) }),
    ...(persistence > 0 && { persistence }),
    ...(said.value && granularity !== undefined && { persistence_granularity: granularity }),
    ...(single && { ops: true }),
  };
}

function schedulerOf({ ledger }: Draft, { scheduler: { value, by } }: ImportedService) {
  const scheduler = schedulers.find((one) => one === value);
  if (scheduler) ledger.keep(by);
  else ledger.leave(by, `there is no scheduler ${JSON.stringify(value)}; the lab uses ${unknownScheduler}`);
  return scheduler ?? unknownScheduler;
}

/** A netmask, or a prefix length of IPv6. Nothing for one that joins no clients: all 32 or 128 bits. */
function granularityOf(
  { family, ledger }: Draft,
  { granularity: { value, by } }: ImportedService,
  persistence: number,
): string | number | undefined {
  if (['', '128', '255.255.255.255'].includes(value)) {
    ledger.keep(by);
    return undefined;
  }
  const found = valueFor(family, value);
  if (persistence === 0) ledger.leave(by, 'granularity is for persistence, which this service has not');
  else if (found === undefined) ledger.leave(by, `${value} is not a netmask of ones, then zeros, nor a prefix length`);
  else ledger.keep(by);
  return persistence === 0 ? undefined : found;
}

function valueFor(family: Family, value: string): string | number | undefined {
  if (family === 4) return isNetmask(value) ? value : undefined;
  const bits = Number(value);
  return Number.isInteger(bits) && bits >= 1 && bits <= 127 ? bits : undefined;
}

import { stringify } from 'yaml';
import { LabFileError } from '../errors.ts';
import { hostAt } from '../model/addresses.ts';
import { parseLab } from '../model/parse.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import type { WrittenRealServer } from '../model/schema/real-server.ts';
import { type Draft, networks } from './draft.ts';
import { enterHealth, type Health, healthOf, within } from './health.ts';
import type { Imported, ImportedService } from './imported.ts';
import type { Ledger } from './ledger.ts';
import type { Statement } from './statement.ts';
import { Wrong } from './wrong.ts';

/** Seconds of the kernel: ipvsadm -l --timeout. */
const kernelTimeouts = { tcp: 900, tcpfin: 120, udp: 300 };

/**
 * Adds to a lab what a configuration says for all of its services: time-outs, sysctls, health checks, a second director. Each is
 * kept if the kit accepts the lab file with it; if not, the kit's own words say why not.
 */
export function withSettings(
  file: WrittenLabFile,
  imported: Imported,
  services: readonly ImportedService[],
  draft: Draft,
): WrittenLabFile {
  const timed = withTimeouts(file, imported, draft);
  const tuned = withSysctls(timed, imported, draft);
  const watched = withHealth(tuned, services, draft);
  return withPair(watched, imported, services, draft);
}

/** Why the kit refuses a lab file; undefined if it does not. */
function objectionTo(file: WrittenLabFile): string | undefined {
  try {
    parseLab(stringify(file), { name: 'imported', file: 'imported.yaml' });
    return undefined;
  } catch (error) {
    if (error instanceof LabFileError) return error.problems[0]?.what ?? 'the lab file would be wrong';
    throw error;
  }
}

function withTimeouts(file: WrittenLabFile, { timeouts }: Imported, { ledger }: Draft): WrittenLabFile {
  if (!timeouts) return file;
  const { tcp, tcpfin, udp } = timeouts;
  const values = {
    tcp: tcp.value || kernelTimeouts.tcp,
    tcpfin: tcpfin.value || kernelTimeouts.tcpfin,
    udp: udp.value || kernelTimeouts.udp,
  };
  ledger.keep(tcp.by, tcpfin.by, udp.by);
  return { ...file, ipvs: { ...file.ipvs, timeouts: values } };
}

function withSysctls(file: WrittenLabFile, { sysctls }: Imported, { ledger }: Draft): WrittenLabFile {
  let made = file;
  for (const { name, value, by } of sysctls) {
    const after = { ...made, ipvs: { ...made.ipvs, sysctls: { ...made.ipvs?.sysctls, [name]: value } } };
    const why = objectionTo(after);
    if (why) ledger.leave(by, why);
    else {
      ledger.keep(by);
      made = after;
    }
  }
  return made;
}

function withHealth(file: WrittenLabFile, services: readonly ImportedService[], draft: Draft): WrittenLabFile {
  const { ledger } = draft;
  const written = file.services ?? (file.service ? [file.service] : []);
  const watched = services.flatMap((imported, at) => {
    const lab = written[at];
    const here = imported.servers.filter((one) => draft.places.has(one));
    return lab ? [{ imported: { ...imported, servers: here }, lab }] : [];
  });
  const own = services.find(({ watch }) => watch)?.watch?.by;
  if (!own || services.every(({ servers }) => servers.every(({ checks }) => checks.length === 0))) return file;
  let because: string | undefined;
  for (const by of own === 'ldirectord' ? ([own, 'keepalived'] as const) : [own]) {
    const found = healthOf(watched, by);
    const made = typeof found === 'string' ? new Wrong(found) : watchedLab(file, services, found, draft);
    if (!(made instanceof Wrong)) {
      const [first] = services;
      if (by !== own && first) ledger.note(first.by, `${because}: in the lab keepalived checks the real servers`);
      return made;
    }
    because ??= made.why;
  }
  return unwatched(file, services, because ?? '', ledger);
}

/** A lab with these health checks, without quorum where the kit refuses it; or why the kit refuses them. */
function watchedLab(
  file: WrittenLabFile,
  services: readonly ImportedService[],
  found: Health,
  { ledger, places }: Draft,
): WrittenLabFile | Wrong {
  const servers = apartIn(file, services, found, places);
  const wishes = [{ ...file, health: found.health, real_servers: servers }, withoutQuorum(file, found, servers)];
  const objections = wishes.map(objectionTo);
  const at = objections.indexOf(undefined);
  const [made, why] = [wishes[at], objections[0]];
  if (!made) return new Wrong(why ?? '');
  enterHealth(found, ledger);
  for (const one of found.apart) {
    const name = places.get(one)?.name;
    if (servers.some((server) => server.name === name && server.quiescent !== undefined)) ledger.keep(one.quiescent.by);
    else ledger.leave(one.quiescent.by, `a lab has one value for all real servers: ${found.health.quiescent}`);
  }
  if (at > 0) {
    for (const { watch } of services)
      for (const said of [watch?.quorum, watch?.hysteresis]) ledger.leave(said?.by, `no quorum: ${why}`);
  }
  return made;
}

function withoutQuorum(file: WrittenLabFile, { health }: Health, servers: WrittenRealServer[]): WrittenLabFile {
  const { quorum: _, hysteresis: __, ...rest } = health;
  return { ...file, health: rest, real_servers: servers };
}

/** Real servers of the lab; one that stays in the table when it fails, or not, other than most, says so. */
function apartIn(
  { real_servers: servers = [] }: WrittenLabFile,
  services: readonly ImportedService[],
  { apart, health }: Health,
  places: Draft['places'],
): WrittenRealServer[] {
  if (typeof servers === 'number') return [];
  const all = services.flatMap((one) => one.servers);
  return servers.map((server) => {
    const here = all.filter((one) => places.get(one)?.name === server.name);
    const own = here.length > 0 && health.by === 'keepalived' && here.every((one) => apart.includes(one));
    return own ? { ...server, quiescent: !health.quiescent } : server;
  });
}

/** A lab without health checks. */
function unwatched(
  file: WrittenLabFile,
  services: readonly ImportedService[],
  because: string,
  ledger: Ledger,
): WrittenLabFile {
  const why = `no health checks: ${because}`;
  for (const { watch, servers } of services) {
    const checks = servers.flatMap((one) => one.checks);
    const said = [watch?.sorry, watch?.omega, watch?.quorum, watch?.hysteresis, ...servers.map((one) => one.quiescent)];
    const ofChecks = checks.flatMap((one) => [one.interval, one.timeout, one.retry, one.retryDelay, one.alpha]);
    for (const { by } of checks) ledger.leave(by, why);
    for (const one of said) ledger.leave(one?.by, why);
    for (const { by } of ofChecks) if (by) ledger.expect(by, why);
  }
  return file;
}

/** A second director, for the first VRRP instance of the configuration: a lab has one. */
function withPair(
  file: WrittenLabFile,
  { pairs }: Imported,
  services: readonly ImportedService[],
  { ledger, family }: Draft,
): WrittenLabFile {
  const [pair, ...others] = pairs;
  const alone = file.networks.back
    ? 'a lab has one VRRP instance for all of its VIPs, and by nat one of its own for the gateway'
    : 'a lab has one VRRP instance, for all of its VIPs';
  for (const { by } of others) ledger.leave(by, alone);
  if (!pair) return file;
  const { interval, preemptDelay, nopreempt, unicast, sync, by } = pair;
  const advert = Math.min(Math.max(interval.value, 0.1), 2);
  const delay = within(preemptDelay.value, { least: 1, most: 20 });
  const backup = {
    front: hostAt(networks[family].front, 250n),
    advert_interval: advert,
    ...(preemptDelay.by && !nopreempt.value && { preempt_delay: delay }),
    ...(nopreempt.value && { nopreempt: true }),
    ...(unicast.value && { unicast: true }),
    ...(Object.keys(sync.value).length > 0 && { sync: sync.value }),
  };
  const why = objectionTo({ ...file, backup });
  if (why) {
    ledger.leave(by, `no second director: ${why}`);
    return file;
  }
  ledger.keep(by, nopreempt.by, unicast.by, sync.by, ...pair.alike);
  for (const [said, has] of [
    [interval, advert],
    [preemptDelay, delay],
  ] as const) {
    if (said.value === has) ledger.keep(said.by);
    else ledger.leave(said.by, `a lab has ${has} there`);
  }
  for (const one of pair.alike) {
    if (one.name === 'unicast_src_ip') ledger.note(one, 'in the lab it is the address of that director there');
    if (one.parent?.name === 'unicast_peer') ledger.note(one, 'in the lab it is the address of the other director');
  }
  if (sync.by) ledger.note(sync.by, 'the lab has its own interface and VRRP instance for it');
  keepVips(pair.vips, services, ledger);
  return { ...file, backup };
}

/** The addresses that VRRP moves are those of the services. */
function keepVips(vips: readonly Statement[], services: readonly ImportedService[], ledger: Ledger): void {
  for (const one of vips) {
    one.from(1);
    if (services.some(({ vip }) => vip === one.name.replace(/\/\d+$/, ''))) {
      ledger.keep(one);
      if (one.text !== one.name.replace(/\/\d+$/, ''))
        ledger.note(one, 'the lab has its own prefix and interface for it');
    } else ledger.leave(one, 'no service of the lab is at this address');
  }
}

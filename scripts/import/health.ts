import { checksOfLdirectord, checksOver, type HealthCheck, healthChecks } from '../backends/health-checks.ts';
import { backendOf } from '../backends/index.ts';
import { defaultRetryDelay } from '../model/schema/health.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import type { WrittenService } from '../model/schema/service.ts';
import { endpointsOf, protocolOf } from '../model/services.ts';
import type { Checker } from '../model/words.ts';
import type { Check, ImportedServer, ImportedService, Said } from './imported.ts';
import type { Ledger } from './ledger.ts';

/** Seconds between checks, and until one has failed; further checks: as a lab file can have them. */
const seconds = { least: 1, most: 60 };
const times = { least: 0, most: 10 };

/** A service of the configuration, and of the lab. */
export interface Watched {
  imported: ImportedService;
  lab: WrittenService;
}

/** The health checks of a lab, and the statements that say them. */
export interface Health {
  health: NonNullable<WrittenLabFile['health']>;
  /** The lab has what these say. */
  keeps: Said<unknown>[];
  /** What answers when all real servers have failed. */
  sorry: Said<boolean>[];
  /** The lab has one value for all, another than these say. */
  differs: { said: Said<unknown>; has: unknown }[];
  /** Checks that do not fit what the lab's real servers run. */
  unfit: Check[];
  /** Real servers that the lab checks in another way. */
  checkedBy: { server: ImportedServer; checks: HealthCheck[] }[];
  /** Real servers that stay in the table when they fail, or not, other than most. */
  apart: ImportedServer[];
}

/**
 * Health checks as a lab can have them: the same values for all real servers.
 * @param by what makes the checks in the lab
 * @returns why it has none, if it has none
 */
export function healthOf(watched: readonly Watched[], by: Checker): Health | string {
  const services = watched.map(({ imported }) => imported);
  const servers = services.flatMap((one) => one.servers);
  const kinds = kindsOf(watched, by);
  if (typeof kinds === 'string') return kinds;
  const all = saidOf(services, kinds.timed);
  const has = valuesOf(all);
  const quiescent = mostFrequent(servers.map((one) => one.quiescent));
  const said = (Object.keys(all) as (keyof typeof all)[]).flatMap((key) =>
    all[key].map((one: Said<unknown>) => ({ said: one, has: has[key] })),
  );
  return {
    health: {
      by,
      ...(by === 'keepalived' && kinds.chosen && { checks: kinds.chosen }),
      interval: has.interval,
      timeout: has.timeout,
      ...(has.retry > 0 && { retry: has.retry }),
      ...(by === 'keepalived' && unusual(has)),
      quiescent,
      sorry_server: has.sorry,
    },
    keeps: [
      ...said.flatMap((one) => (one.said.value === one.has ? one.said : [])),
      ...servers.flatMap((one) => (one.quiescent.value === quiescent ? one.quiescent : [])),
      ...kinds.used.flatMap((one) => [one.by, ...one.alike]).map((statement) => ({ value: true, by: statement })),
    ],
    sorry: all.sorry,
    differs: said.filter((one) => one.said.value !== one.has),
    unfit: kinds.unfit,
    checkedBy: kinds.checkedBy,
    apart: servers.filter((one) => one.quiescent.value !== quiescent),
  };
}

/** What is said of each check, and of each service. */
interface AllSaid {
  interval: Said<number>[];
  timeout: Said<number>[];
  retry: Said<number>[];
  retryDelay: Said<number>[];
  alpha: Said<boolean>[];
  omega: Said<boolean>[];
  quorum: Said<number>[];
  hysteresis: Said<number>[];
  sorry: Said<boolean>[];
}

/** The value of the lab for each. */
type Values = { [Key in keyof AllSaid]: AllSaid[Key][number]['value'] };

function saidOf(services: readonly ImportedService[], used: readonly Check[]): AllSaid {
  return {
    interval: used.map((one) => one.interval),
    timeout: used.map((one) => one.timeout),
    retry: used.map((one) => one.retry),
    retryDelay: used.map((one) => one.retryDelay),
    alpha: used.map((one) => one.alpha),
    omega: services.map(({ watch }) => watch?.omega ?? { value: false }),
    quorum: services.map(({ watch }) => watch?.quorum ?? { value: 1 }),
    hysteresis: services.map(({ watch }) => watch?.hysteresis ?? { value: 0 }),
    sorry: services.map(({ watch }) => ({ value: watch?.sorry !== undefined, by: watch?.sorry?.by })),
  };
}

function valuesOf(all: AllSaid): Values {
  return {
    interval: within(mostFrequent(all.interval), seconds),
    timeout: within(mostFrequent(all.timeout), seconds),
    retry: within(mostFrequent(all.retry), times),
    retryDelay: within(mostFrequent(all.retryDelay), seconds),
    alpha: mostFrequent(all.alpha),
    omega: mostFrequent(all.omega),
    quorum: mostFrequent(all.quorum),
    hysteresis: mostFrequent(all.hysteresis),
    sorry: mostFrequent(all.sorry),
  };
}

/** What keepalived has, and is not the default of a lab file. */
function unusual({ retry, retryDelay, alpha, omega, quorum, hysteresis }: Values) {
  return {
    ...(retry > 0 && retryDelay !== defaultRetryDelay && { retry_delay: retryDelay }),
    ...(!alpha && { alpha }),
    ...(omega && { omega }),
    ...(quorum > 1 && { quorum }),
    ...(hysteresis > 0 && { hysteresis }),
  };
}

interface Kinds {
  /** The checks of the lab file; undefined if each service has the one of its backend. */
  chosen: HealthCheck[] | undefined;
  used: Check[];
  /** Those whose times the lab has: if it has none of the checks, all. */
  timed: Check[];
  unfit: Check[];
  checkedBy: Health['checkedBy'];
}

/** Which checks the lab has, or why it has none. */
function kindsOf(watched: readonly Watched[], by: Checker): Kinds | string {
  const each = watched.map(({ imported: { servers, watch }, lab }) => {
    const fitting = fittingOf(lab, by);
    const checks = servers.flatMap((one) => one.checks);
    const wanted = healthChecks.filter((kind) => fitting.includes(kind) && checks.some((one) => one.kind === kind));
    return { servers, from: watch?.by, fitting, checks, wanted };
  });
  if (each.some(({ fitting }) => fitting.length === 0))
    return by === 'keepalived'
      ? 'the lab has no check for what its real servers run'
      : 'ldirectord is set up in labs for services over tcp alone';
  const unwatched = each.some(({ servers }) => servers.some((one) => one.checks.every(({ kind }) => !kind)));
  if (unwatched && each.some(({ from }) => from === 'ldirectord'))
    return 'in a lab health checks watch all real servers, and not all have one that a lab has';
  const own = each.every(({ wanted, fitting: [first] }) => wanted.length === 0 || wanted.join() === first);
  const chosen = own ? undefined : healthChecks.filter((kind) => each.some((one) => wantedOf(one).includes(kind)));
  const used = each.flatMap(({ checks, fitting }) => checks.filter(({ kind }) => kind && fitting.includes(kind)));
  return {
    chosen,
    used,
    timed: used.length > 0 ? used : each.flatMap(({ checks }) => checks),
    unfit: each.flatMap(({ checks, fitting }) => checks.filter(({ kind }) => kind && !fitting.includes(kind))),
    checkedBy: each.flatMap(({ servers, fitting }) => {
      const checks = chosen ? chosen.filter((kind) => fitting.includes(kind)) : fitting.slice(0, 1);
      return servers
        .filter((server) => checks.some((kind) => server.checks.every((one) => one.kind !== kind)))
        .map((server) => ({ server, checks }));
    }),
  };
}

/** A service whose real servers have no check that fits gets the first of its backend. */
function wantedOf({ wanted, fitting }: { wanted: HealthCheck[]; fitting: HealthCheck[] }): HealthCheck[] {
  return wanted.length > 0 ? wanted : fitting.slice(0, 1);
}

/** The checks that a service of the lab can have. ldirectord requests a page where there are pages, and else opens the port. */
function fittingOf(lab: WrittenService, by: Checker): HealthCheck[] {
  const ofPorts = endpointsOf(lab).map(({ backend }) => {
    const all = checksOver(protocolOf(lab), backendOf(backend).healthChecks);
    return by === 'keepalived' ? all : checksOfLdirectord.filter((one) => all.includes(one)).slice(0, 1);
  });
  return [...new Set(ofPorts.flat())];
}

/** The nearest whole number in a range. */
export function within(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(Math.round(value), least), most);
}

function mostFrequent<T>(said: readonly Said<T>[]): T {
  const count = ({ value }: Said<T>) => said.filter((one) => one.value === value).length;
  const [first, ...rest] = said;
  if (!first) throw new Error('nothing is said');
  return rest.reduce((best, one) => (count(one) > count(best) ? one : best), first).value;
}

/** Enters health checks that the lab has. */
export function enterHealth({ health, keeps, differs, sorry, unfit, checkedBy }: Health, ledger: Ledger): void {
  for (const { by } of keeps) ledger.keep(by);
  for (const { by, value } of sorry) {
    if (by && value === health.sorry_server) ledger.note(by, 'in the lab the director itself answers');
  }
  for (const { said, has } of differs) ledger.leave(said.by, `a lab has one value for all real servers: ${has}`);
  for (const { by } of unfit) ledger.leave(by, 'it does not fit what the real servers of the lab run');
  for (const { server, checks } of checkedBy) ledger.note(server.by, `in the lab its check is ${checks.join(' and ')}`);
}

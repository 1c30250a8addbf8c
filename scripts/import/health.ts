import type { HealthCheck } from '../backends/health-checks.ts';
import type { WrittenLabFile } from '../model/schema/lab-file.ts';
import type { Check, ImportedService, Said } from './imported.ts';
import type { Ledger } from './ledger.ts';

/** Seconds between checks, and until one has failed, as a lab file can have them. */
const range = { least: 1, most: 60 };

/** The health checks of a lab, and the statements that say them. */
export interface Health {
  health: NonNullable<WrittenLabFile['health']>;
  /** The lab has what these say. */
  keeps: Said<unknown>[];
  /** What answers when all real servers have failed. */
  sorry: Said<boolean>[];
  /** The lab has one value for all, another than these say. */
  differs: { said: Said<unknown>; has: unknown }[];
}

/** Health checks as a lab can have them: the same for all real servers. Undefined for services that nothing watches. */
export function healthOf(services: readonly ImportedService[]): Health | string | undefined {
  const servers = services.flatMap((one) => one.servers);
  const checks = servers.flatMap((one) => one.checks);
  const [by] = services.flatMap(({ watch }) => watch?.by ?? []);
  if (!by || checks.length === 0) return undefined;
  const kinds = kindsOf(servers.map((one) => one.checks));
  if (typeof kinds === 'string') return kinds;
  const interval = mostFrequent(checks.map((one) => one.interval));
  const timeout = mostFrequent(checks.map((one) => one.timeout));
  const quiescent = mostFrequent(servers.map((one) => one.quiescent));
  const sorry = services.map(
    ({ watch }): Said<boolean> => ({ value: watch?.sorry !== undefined, by: watch?.sorry?.by }),
  );
  const sorryServer = mostFrequent(sorry);
  const all: [Said<unknown>[], unknown][] = [
    [checks.map((one) => one.interval), interval],
    [checks.map((one) => one.timeout), timeout],
    [servers.map((one) => one.quiescent), quiescent],
    [sorry, sorryServer],
  ];
  const [has, hasNot] = [all, all].map((list, at) =>
    list.flatMap(([said, value]) =>
      said.filter((one) => (one.value === value) === (at === 0)).map((one) => ({ said: one, has: value })),
    ),
  );
  const used = checks
    .filter(({ kind }) => kind !== undefined)
    .flatMap(({ by: statement, alike }) => [statement, ...alike]);
  return {
    health: {
      by,
      ...(by === 'keepalived' && { checks: kinds }),
      interval: within(interval),
      timeout: within(timeout),
      quiescent,
      sorry_server: sorryServer,
    },
    keeps: [...(has ?? []).map(({ said }) => said), ...used.map((statement) => ({ value: true, by: statement }))],
    sorry,
    differs: (hasNot ?? []).concat(rounded(checks)),
  };
}

/** The kinds of checks that all real servers have, or why a lab cannot have them. */
function kindsOf(each: readonly Check[][]): HealthCheck[] | string {
  const sets = each.map((checks) => [...new Set(checks.flatMap(({ kind }) => kind ?? []))].sort().join(' '));
  if (sets.some((one) => one === ''))
    return 'in a lab health checks watch all real servers, and not all have one that a lab has';
  const [first = ''] = sets;
  return sets.every((one) => one === first)
    ? (first.split(' ') as HealthCheck[])
    : 'in a lab all real servers have the same health checks';
}

/** Times that a lab file cannot have. */
function rounded(checks: readonly Check[]): Health['differs'] {
  const said = checks.flatMap((one) => [one.interval, one.timeout]);
  return said.flatMap((one) => (within(one.value) === one.value ? [] : [{ said: one, has: within(one.value) }]));
}

function within(seconds: number): number {
  return Math.min(Math.max(Math.round(seconds), range.least), range.most);
}

function mostFrequent<T>(said: readonly Said<T>[]): T {
  const count = ({ value }: Said<T>) => said.filter((one) => one.value === value).length;
  const [first, ...rest] = said;
  if (!first) throw new Error('nothing is said');
  return rest.reduce((best, one) => (count(one) > count(best) ? one : best), first).value;
}

/** Enters health checks that the lab has. */
export function enterHealth({ health, keeps, differs, sorry }: Health, ledger: Ledger): void {
  for (const { by } of keeps) ledger.keep(by);
  for (const { by, value } of sorry) {
    if (by && value === health.sorry_server) ledger.note(by, 'in the lab the director itself answers');
  }
  for (const { said, has } of differs) ledger.leave(said.by, `a lab has one value for all real servers: ${has}`);
}

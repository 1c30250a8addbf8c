import { countOf } from '../count-of.ts';
import { ExitCode, UsageError } from '../errors.ts';
import { type Picks, simulate } from '../ipvs/oracle/simulate.ts';
import { type Predictable, schedulerWords } from '../model/schedulers.ts';
import type { SchedulerFlag } from '../model/words.ts';
import { columns } from '../report/columns.ts';
import { type Paint, painter, printJson, printText } from '../report/output.ts';
import { sequence } from '../report/sequence.ts';
import type { Globals } from './globals.ts';

export interface SimulateOptions {
  weights: number[];
  requests: number;
  hold: boolean;
  flags: SchedulerFlag[];
  clients: number;
  upper?: number;
}

const server = (at: number) => `192.168.1.${4 + at}`;
const client = (at: number) => `192.168.1.${100 + at}`;

/** Addresses and ports, from which schedulers compute their hashes. */
const assumed = { vip: '192.168.1.3', port: 80, firstServer: server(0), firstClient: client(0), firstPort: 10_000 };

/** lab simulate SCHEDULER: which real server gets each connection, computed as the kernel does. */
export async function simulateScheduler(
  scheduler: Predictable,
  options: SimulateOptions,
  globals: Globals,
): Promise<number> {
  const { weights, hold, flags, clients } = options;
  for (const flag of flags) requireFlagOf(scheduler, flag);
  const picks = picksOf(scheduler, options);
  if (globals.json) {
    const document = {
      scheduler,
      flags,
      weights,
      held: hold,
      clients,
      assumed,
      picks: picks.map((pick) => pick ?? null),
    };
    printJson({ schema: 'lvs-lab/simulate/1', ...document });
  } else printText(text(scheduler, flags, options, picks, painter(process.stdout)));
  return ExitCode.ok;
}

/** The real server of each connection, at the assumed addresses and ports. */
export function picksOf(
  scheduler: Predictable,
  { weights, requests, hold, flags, clients, upper }: SimulateOptions,
): Picks {
  const servers = weights.map((weight, at) => ({
    name: `rs${at + 1}`,
    address: server(at),
    port: assumed.port,
    weight,
    ...(upper !== undefined && { upper }),
  }));
  const connections = Array.from({ length: requests }, (_, at) => ({
    client: client(at % clients),
    clientPort: assumed.firstPort + at,
    held: hold,
  }));
  return simulate({ vip: assumed.vip, scheduler, flags, servers }, connections);
}

function text(
  scheduler: Predictable,
  flags: readonly SchedulerFlag[],
  { weights, hold, clients, upper }: SimulateOptions,
  picks: Picks,
  paint: Paint,
): string {
  const shares = weights.map((weight, at) => {
    const count = picks.filter((pick) => pick === `rs${at + 1}`).length;
    return [`rs${at + 1}`, String(weight), `${paint('cyan', '█'.repeat(Math.min(count, 40)))} ${count}`];
  });
  const { hashes } = schedulerWords[scheduler];
  const refused = picks.filter((pick) => pick === undefined).length;
  const who = clients === 1 ? 'one client' : `${clients} clients in turn`;
  return [
    `  ${paint('bold', [scheduler, ...flags].join(' '))}: ${who}, connections ${hold ? 'held open' : 'closed one by one'}`,
    sequence([
      { label: 'connection', cells: picks.map((_, at) => paint('dim', String(at + 1))) },
      { label: 'predicted', cells: picks.map((pick) => pick ?? paint('red', '✗')) },
    ]),
    columns([['real server', 'weight', 'connections'].map((word) => paint('bold', word)), ...shares]),
    ...(weights.length > 1 && !hashes
      ? [`  IPVS lists real servers in reverse: rs${weights.length}, added last, is the first in the list.`]
      : []),
    ...(hashes
      ? [
          `  for VIP ${assumed.vip}:${assumed.port}, real servers from ${assumed.firstServer} on, clients from ${assumed.firstClient} on, ports from ${assumed.firstPort} on. Other addresses give other results.`,
        ]
      : []),
    ...(refused > 0 ? [`  ✗ ${refused} refused: ${whyRefused(scheduler, weights, upper)}`] : []),
  ].join('\n\n');
}

function whyRefused(scheduler: Predictable, weights: readonly number[], upper: number | undefined): string {
  if (weights.every((weight) => weight === 0)) return 'all weights are 0';
  const full = [
    ...(weights.includes(0) ? ['has weight 0'] : []),
    ...(upper === undefined ? [] : [`has ${countOf(upper, 'connection')}, its upper threshold`]),
  ];
  if (schedulerWords[scheduler].hashes) return `the real server that the hash chooses ${full.join(' or ')}`;
  if (scheduler === 'ovf') full.push('has more open connections than its weight');
  return `every real server ${full.join(' or ')}`;
}

/** @throws UsageError for a flag of another scheduler */
function requireFlagOf(scheduler: Predictable, flag: SchedulerFlag): void {
  if (flag.startsWith(`${scheduler}-`)) return;
  throw new UsageError(`${flag} is a flag of ${flag.split('-')[0]}, not of ${scheduler}`);
}

import { ExitCode, UsageError } from '../errors.ts';
import { type Picks, simulate } from '../ipvs/oracle/simulate.ts';
import type { Scheduler, SchedulerFlag } from '../model/lab.ts';
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

/** Addresses and ports, from which schedulers compute their hashes. */
const assumed = {
  vip: '192.168.1.3',
  port: 80,
  firstServer: '192.168.1.4',
  firstClient: '192.168.1.100',
  firstPort: 10_000,
};

/** lab simulate SCHEDULER: which real server gets each connection, computed as the kernel does. */
export async function simulateScheduler(
  scheduler: Scheduler,
  options: SimulateOptions,
  globals: Globals,
): Promise<number> {
  if (scheduler === 'twos') {
    throw new UsageError('twos chooses at random and cannot be predicted', { tryThis: 'lab simulate wlc' });
  }
  const { weights, requests, hold, flags, clients, upper } = options;
  for (const flag of flags) requireFlagOf(scheduler, flag);
  const servers = weights.map((weight, at) => ({
    name: `rs${at + 1}`,
    address: `192.168.1.${4 + at}`,
    port: 80,
    weight,
    ...(upper !== undefined && { upper }),
  }));
  const connections = Array.from({ length: requests }, (_, at) => ({
    client: `192.168.1.${100 + (at % clients)}`,
    clientPort: 10_000 + at,
    held: hold,
  }));
  const picks = simulate({ vip: assumed.vip, scheduler, flags, servers }, connections);
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

function text(
  scheduler: Scheduler,
  flags: readonly SchedulerFlag[],
  { weights, hold, clients }: SimulateOptions,
  picks: Picks,
  paint: Paint,
): string {
  const shares = weights.map((weight, at) => {
    const count = picks.filter((pick) => pick === `rs${at + 1}`).length;
    return [`rs${at + 1}`, String(weight), `${paint('cyan', '█'.repeat(Math.min(count, 40)))} ${count}`];
  });
  const refused = picks.filter((pick) => pick === undefined).length;
  const who = clients === 1 ? 'one client' : `${clients} clients in turn`;
  return [
    `  ${paint('bold', [scheduler, ...flags].join(' '))}: ${who}, connections ${hold ? 'held open' : 'closed one by one'}`,
    sequence([
      { label: 'connection', cells: picks.map((_, at) => paint('dim', String(at + 1))) },
      { label: 'predicted', cells: picks.map((pick) => pick ?? paint('red', '✗')) },
    ]),
    columns([['real server', 'weight', 'connections'].map((word) => paint('bold', word)), ...shares]),
    ...(['sh', 'mh', 'dh'].includes(scheduler)
      ? [
          `  for VIP ${assumed.vip}:${assumed.port}, real servers from ${assumed.firstServer} on, clients from ${assumed.firstClient} on, ports from ${assumed.firstPort} on: other addresses, other places`,
        ]
      : []),
    ...(refused > 0 ? [`  ✗ ${refused} refused: no real server accepts more`] : []),
  ].join('\n\n');
}

/** @throws UsageError for a flag of another scheduler */
function requireFlagOf(scheduler: Scheduler, flag: SchedulerFlag): void {
  if (flag.startsWith(`${scheduler}-`)) return;
  throw new UsageError(`${flag} is a flag of ${flag.split('-')[0]}, not of ${scheduler}`);
}

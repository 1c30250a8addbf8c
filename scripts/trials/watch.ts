import { setTimeout as pause } from 'node:timers/promises';
import { readPcap } from '../capture/pcap.ts';
import type { Expectation } from '../experiment/experiment.ts';
import type { KindName, Row } from '../experiment/kinds.ts';
import { packetRows } from '../experiment/packets.ts';
import { connectionRows, counterRows, serverRows } from '../experiment/rows.ts';
import { unlessInterrupted } from '../host/interrupt.ts';
import { parseConnections, parseTable, readConnections } from '../ipvs/parse.ts';
import { parseStats, type ServiceStats } from '../ipvs/stats.ts';
import { nodesOf, type Plan } from '../plan/plan.ts';
import type { Capture, CapturedNetwork, SeenFrame } from '../providers/provider.ts';
import type { Watch } from './bench.ts';
import { type KernelLogs, nodeOf } from './kernel-logs.ts';
import type { Sh } from './send.ts';

export interface Watched {
  plan: Plan;
  sh: Sh;
  logs: KernelLogs;
  /** Runs a command that looks. */
  command(on: string, run: string): Promise<Row>;
  startCapture(): Promise<Capture>;
}

/** Watches what must be seen of one step. */
export async function watchStep(lab: Watched, kinds: ReadonlySet<KindName>): Promise<Watch> {
  const { plan } = lab;
  const directors = nodesOf(plan, 'director').map(({ name }) => name);
  const counted = kinds.has('counters') ? await countersOf(lab, directors) : undefined;
  const packets = kinds.has('packets') ? watchPackets(await lab.startCapture()) : undefined;
  let later: ReadonlyMap<string, ServiceStats[]> | undefined;
  const each = async (look: (on: string) => Promise<Row[]>) => (await Promise.all(directors.map(look))).flat();
  const looks: Partial<Record<KindName, (expectation: Expectation) => Promise<Row[]>>> = {
    servers: () =>
      each(async (on) =>
        serverRows(plan, on, parseTable(await lab.sh(on, 'cat /proc/net/ip_vs', { step: 'trials/servers' }))),
      ),
    connections: () =>
      each(async (on) =>
        connectionRows(plan, on, parseConnections(await lab.sh(on, readConnections, { step: 'trials/connections' }))),
      ),
    counters: async () => {
      const now = later ?? (await countersOf(lab, directors));
      return directors.flatMap((on) => counterRows(plan, on, counted?.get(on) ?? [], now.get(on) ?? []));
    },
    packets: async () => packetRows(plan, packets?.frames() ?? []),
    log: ({ where }) => lab.logs.rows(nodeOf(where.node)),
    command: async ({ look }) => (look ? [await lab.command(look.on, look.run)] : []),
  };
  return {
    async settle() {
      await packets?.stop();
      if (counted) later = await countersOf(lab, directors);
    },
    rows: (expectation) => looks[expectation.kind]?.(expectation) ?? Promise.resolve([]),
    end: async () => packets?.stop(),
  };
}

/** From Linux 6.2 on a thread of the kernel adds counters up every two seconds (ip_vs_est.c). Milliseconds, with some to spare. */
const foldedAfterMs = 2500;

/** Looks at counters that still grow. */
const mostLooks = 10;

/** The counters of each director, when they have stopped growing. */
async function countersOf({ sh }: Watched, directors: readonly string[]): Promise<Map<string, ServiceStats[]>> {
  const read = async () =>
    Promise.all(directors.map((on) => sh(on, 'ipvsadm -Ln --stats --exact', { step: 'trials/counters' })));
  let texts = await read();
  for (let look = 0; look < mostLooks; look++) {
    await unlessInterrupted(pause(foldedAfterMs));
    const next = await read();
    const same = next.join() === texts.join();
    texts = next;
    if (same) break;
  }
  return new Map(directors.map((on, at) => [on, parseStats(texts[at] ?? '')]));
}

type Frame = Pick<SeenFrame, 'network' | 'time' | 'bytes'>;

/** Frames that came in at the switches: so far, and all of them when it has stopped. */
function watchPackets(capture: Capture): { frames(): Frame[]; stop(): Promise<void> } {
  const live: Frame[] = [];
  let all: Frame[] | undefined;
  const reading = (async () => {
    for await (const { end, ...frame } of capture.frames()) if (end === undefined) live.push(frame);
  })();
  reading.catch(() => {}); // awaited below
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    all = inOrder(await capture.stop());
    await reading;
  };
  return {
    frames: () => all ?? live,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function inOrder(networks: readonly CapturedNetwork[]): Frame[] {
  return networks
    .flatMap(({ network, frames }) => readPcap(frames).records.map(({ time, bytes }) => ({ network, time, bytes })))
    .sort((one, other) => one.time - other.time);
}

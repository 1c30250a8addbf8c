import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ProviderError } from '../../errors.ts';
import { sizesOf } from '../../host/files.ts';
import type { Place } from '../../host/paths.ts';
import type { NetworkName } from '../../model/words.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Capture, CapturedNetwork, Capturing, SeenFrame } from '../provider.ts';
import { pcapOf } from './captured-file.ts';
import { findLabProcesses } from './lab-processes.ts';
import { manageSwitch, nodePort, portsOf } from './line-cable.ts';
import { NetworkReader, type Watched } from './network-reader.ts';
import { captureFile, type Share, shareCapture } from './pdump.ts';
import { parseLearned } from './switch-ports.ts';

/** Milliseconds between two looks at a file that grows. */
const everyMs = 20;

/** After so many looks without a new record the last frame is complete: the switch writes all its records at once. */
const quietLooks = 3;

export const qemuCapture: Capturing = {
  async start(plan, place, networks = plan.networks.map(({ name }) => name)) {
    await requireSwitches(plan, place, networks);
    const share = await shareCapture(place);
    try {
      const watched: Watched[] = [];
      for (const network of networks) watched.push(await watch(place, network));
      return captureOf(watched, share);
    } catch (error) {
      await share.release();
      throw error;
    }
  },
};

async function requireSwitches(plan: Plan, place: Place, networks: readonly NetworkName[]): Promise<void> {
  const { switches } = await findLabProcesses(place);
  const missing = networks.find((one) => !switches.has(one));
  if (missing === undefined) return;
  const planned = plan.networks.some(({ name }) => name === missing);
  throw new ProviderError(`network ${missing} of lab ${place.lab} cannot be captured`, {
    cause: planned
      ? 'it has no switch: the lab does not run, or its networks are multicast groups'
      : 'the lab has no such network',
    tryThis: 'lab status; lab doctor says how networks are made here',
  });
}

/** Asks the switch what is needed to read what it writes. */
async function watch(place: Place, network: NetworkName): Promise<Watched> {
  const { switches, machines } = await findLabProcesses(place);
  const found = switches.get(network);
  if (!found) throw new ProviderError(`the switch of network ${network} has ended`, { tryThis: `lab status` });
  const names = new Map([...machines].map(([node, { pid }]) => [pid, node]));
  const file = captureFile(place, network);
  return manageSwitch(place, network, found, async (session) => {
    const ports = (await portsOf(session)).filter(({ number, active }) => active && nodePort(number) === number);
    const nodes = new Map(ports.map(({ number, pid = 0 }) => [number, names.get(pid) ?? `port ${number}`]));
    const known = parseLearned(await session.command('hash/print'));
    return { network, file, nodes, known, begin: (await stat(file)).size };
  });
}

function captureOf(watched: readonly Watched[], share: Share): Capture {
  let stopped: Promise<void> | undefined;
  const end = () => {
    stopped ??= share.release();
    return stopped;
  };
  return {
    async *frames() {
      const readers = await Promise.all(watched.map((one) => NetworkReader.open(one)));
      try {
        yield* inOrder(readers, () => stopped !== undefined);
      } finally {
        for (const reader of readers) await reader.close();
      }
    },
    end,
    async stop() {
      const networks: CapturedNetwork[] = [];
      try {
        const ends = await sizesOf(watched.map(({ file }) => file));
        for (const [at, one] of watched.entries()) networks.push(await capturedUntil(one, ends[at] ?? 0));
      } finally {
        await end();
      }
      return networks;
    },
  };
}

/** What was captured in the first bytes of the file. */
async function capturedUntil(watched: Watched, end: number): Promise<CapturedNetwork> {
  const reader = await NetworkReader.open({ ...watched, end });
  const frames: SeenFrame[] = [];
  try {
    for (let quiet = 0; quiet < quietLooks && !reader.isDone; quiet++) {
      const { found, records } = await reader.read();
      frames.push(...found);
      if (records > 0) quiet = 0;
      else await pause(everyMs);
    }
    frames.push(...reader.rest());
  } finally {
    await reader.close();
  }
  const ends = [...new Set(frames.flatMap(({ end: node }) => node ?? []))];
  return {
    network: watched.network,
    frames: pcapOf(frames.filter(({ end: node }) => node === undefined)),
    ends: ends.map((node) => ({ node, frames: pcapOf(frames.filter(({ end: one }) => one === node)) })),
  };
}

async function isGone(readers: readonly NetworkReader[]): Promise<boolean> {
  return (await Promise.all(readers.map((reader) => reader.isGone()))).every(Boolean);
}

/**
 * Frames of several networks in the order of their times. The frames of a look are given out after the next one: then no earlier frame
 * can come from another network.
 */
async function* inOrder(readers: readonly NetworkReader[], isOver: () => boolean): AsyncGenerator<SeenFrame> {
  const waiting: SeenFrame[] = [];
  let seen = 0;
  for (let quiet = 0; ; quiet++) {
    const last = isOver() || (await isGone(readers));
    const safe = seen;
    for (const reader of readers) {
      const { found, records, latest } = await reader.read();
      if (records > 0) quiet = 0;
      seen = Math.max(seen, latest);
      waiting.push(...found);
    }
    if (last || quiet >= quietLooks) for (const reader of readers) waiting.push(...reader.rest());
    waiting.sort((one, other) => one.time - other.time);
    const until = Math.min(quiet > 0 || last ? Infinity : safe, ...readers.map(({ waitingSince }) => waitingSince));
    const next = waiting.findIndex(({ time }) => time > until);
    yield* waiting.splice(0, next < 0 ? waiting.length : next);
    if (last) return;
    await pause(everyMs);
  }
}

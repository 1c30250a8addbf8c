import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { decode } from '../capture/decode.ts';
import { pcapngHead, pcapngPacket } from '../capture/pcapng.ts';
import { didYouMean } from '../closest.ts';
import { countOf } from '../count-of.ts';
import { ExitCode, ProviderError, UsageError } from '../errors.ts';
import { untilEnded } from '../host/interrupt.ts';
import { version } from '../host/version.ts';
import type { NetworkName } from '../model/words.ts';
import { interfacesOf, namesOf } from '../path/comments.ts';
import { tunnelPorts } from '../path/follow.ts';
import { frameLine } from '../path/line.ts';
import type { Plan } from '../plan/plan.ts';
import type { Capture } from '../providers/provider.ts';
import { providerOf } from '../providers/providers.ts';
import { disconnect, type ProvisionedLab } from '../provision/lab-states.ts';
import { connectAll } from '../provision/provision.ts';
import { labArgument } from '../render/lab-argument.ts';
import { print, printJson, say, writeBytes } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { captureInGuests } from '../tracking/guest-capture.ts';
import { trackingOf } from '../tracking/tracking.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, type OpenedLab, withScripts } from './opened-lab.ts';

export interface CaptureOptions {
  /** A file, or `-` for stdout. Without it each frame is a line of text. */
  write?: string | undefined;
  seconds?: number | undefined;
  packets?: number | undefined;
}

/** A frame of one of the networks. */
interface Seen {
  network: string;
  time: number;
  bytes: Uint8Array;
}

/** Where captured frames go. */
interface Sink {
  take(frame: Seen): Promise<void>;
  close(): Promise<void>;
}

/** lab capture NAME [NETWORK…]: shows or writes the frames of a lab's networks in one stream. */
export async function capture(
  name: string,
  wanted: string[],
  options: CaptureOptions,
  globals: Globals,
): Promise<number> {
  const screen = display('quiet');
  const opened = await withScripts((await findRunningLab(name)).plan);
  const networks = wanted.map((one) => networkOf(opened.plan, one));
  if (globals.json && (options.write ?? '-') === '-') {
    throw new UsageError('--json needs a file for the frames', { tryThis: `lab capture ${name} --json -w FILE` });
  }
  await machinesOf(opened, undefined, screen.emit);
  const sink = await sinkOf(opened.plan, options);
  const ended = Promise.race([
    untilEnded(),
    ...(options.seconds ? [pause(options.seconds * 1000, undefined, { ref: false })] : []),
  ]);
  const counted = { frames: 0 };
  try {
    const take = async (frame: Seen) => {
      if (networks.length > 0 && !networks.includes(frame.network as NetworkName)) return true;
      await sink.take(frame);
      counted.frames++;
      return counted.frames < (options.packets ?? Number.POSITIVE_INFINITY);
    };
    const running = await atSwitches(opened, networks);
    if (running) await fromSwitches(running, ended, take);
    else await fromGuests(opened, options, ended, take);
  } finally {
    await sink.close();
  }
  const { lab } = opened.plan;
  if (globals.json) printJson({ schema: 'lvs-lab/capture/1', lab, file: options.write, frames: counted.frames });
  else if (globals.loudness !== 'quiet') say(`  ${countOf(counted.frames, 'frame')} captured`);
  return ExitCode.ok;
}

/** Captures at the switches. @returns undefined when the provider cannot do that */
async function atSwitches({ plan, place }: OpenedLab, networks: NetworkName[]): Promise<Capture | undefined> {
  const { capture: capturing } = await providerOf(plan.provider);
  try {
    return await capturing?.start(plan, place, networks.length > 0 ? networks : undefined);
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** Ends the capture whatever happens: the switches would go on writing. */
export async function fromSwitches(
  running: Pick<Capture, 'frames' | 'end'>,
  ended: Promise<unknown>,
  take: (frame: Seen) => Promise<boolean>,
): Promise<void> {
  ended.then(() => running.end()).catch(() => {}); // it fails below as well
  try {
    for await (const { end, ...frame } of running.frames()) if (end === undefined && !(await take(frame))) break;
  } finally {
    await running.end();
  }
}

/** The longest capture on nodes, in seconds, if the command that began it was killed. */
const longest = 3600;

/** Captures with tcpdump on the nodes, which hand their frames over when the capture ends. */
async function fromGuests(
  opened: OpenedLab,
  { seconds, packets }: CaptureOptions,
  ended: Promise<unknown>,
  take: (frame: Seen) => Promise<boolean>,
): Promise<void> {
  const { plan, place, templates } = opened;
  if (packets !== undefined && seconds === undefined) {
    throw new UsageError('--packets needs --seconds in this lab', {
      cause: 'its networks are captured on the nodes, and the frames come only when the capture has ended',
      tryThis: `lab capture ${labArgument(plan)} --packets ${packets} --seconds 10`,
    });
  }
  const machines = await machinesOf(opened);
  const lab: ProvisionedLab = { plan, place, machines, remotes: await connectAll(machines) };
  try {
    const stop = await captureInGuests(trackingOf(lab, templates), (seconds ?? longest) + 60);
    say('  captured by tcpdump on the nodes: the frames are written when the capture ends');
    await ended;
    for (const frame of (await stop()).sort((one, other) => one.time - other.time)) if (!(await take(frame))) break;
  } finally {
    disconnect(lab);
  }
}

async function sinkOf(plan: Plan, { write }: CaptureOptions): Promise<Sink> {
  if (write === undefined) return linesOf(plan);
  const file = write === '-' ? undefined : await openGiven(write);
  const put = async (bytes: Uint8Array) => void (await (file ? file.write(bytes) : writeBytes(bytes)));
  const names = plan.networks.map(({ name }) => String(name));
  await put(pcapngHead(`lvs-lab ${version()}`, interfacesOf(plan), namesOf(plan)));
  return {
    take: ({ network, time, bytes }) =>
      put(pcapngPacket(names.indexOf(network), { time, bytes, length: bytes.length })),
    close: async () => file?.close(),
  };
}

function linesOf(plan: Plan): Sink {
  let begin: number | undefined;
  return {
    async take({ network, time, bytes }) {
      begin ??= time;
      const seconds = ((time - begin) / 1e6).toFixed(6).padStart(11);
      print(`${seconds} ${network.padEnd(6)} ${frameLine(plan, decode(bytes, bytes.length, tunnelPorts(plan)))}`);
    },
    close: async () => {},
  };
}

async function openGiven(path: string) {
  try {
    return await open(path, 'w', 0o644);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`, {
      tryThis: 'another place after --write',
    });
  }
}

/** @throws UsageError for a network that the lab does not have */
function networkOf({ networks, lab }: Plan, wanted: string): NetworkName {
  const names = networks.map(({ name }) => name);
  const found = names.find((name) => name === wanted);
  if (found) return found;
  const meant = didYouMean(wanted, names);
  throw new UsageError(`lab ${lab} has no network ${wanted}${meant ? `; ${meant}` : ''}`, {
    cause: `its networks are ${names.join(', ')}`,
  });
}

import { randomBytes } from 'node:crypto';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Facts, ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { lastLines, startDetached } from '../../host/exec.ts';
import { exists, readIfThere, removeTree } from '../../host/files.ts';
import { type Place, projectRoot } from '../../host/paths.ts';
import type { Effort } from '../../host/patience.ts';
import { guestHostKey, userKey } from '../../host/ssh-keys.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { Machine } from '../provider.ts';
import { Agent } from './agent.ts';
import { causeOnConsole } from './boot-failure.ts';
import { diskFile } from './disks.ts';
import type { Listening } from './json-lines.ts';
import { machineName } from './lab-processes.ts';
import { type Hardware, machineArguments, management, type Plug } from './machine-arguments.ts';
import { Monitor } from './monitor.ts';
import { type QemuProgram, unprivileged } from './qemu-program.ts';
import { loadState } from './saved-state.ts';

/** What a machine starts from: memory and device state of one that was saved. */
export interface Source {
  hardware: Hardware;
  memory: string;
  state: string;
}

/** One machine of a lab, before it runs. */
export interface Clone {
  node: PlannedNode;
  place: Place;
  /** Its number in the lab, for its management MAC. */
  number: number;
  monitor: string;
  agent: string;
  console: string;
  /** QEMU's own messages. */
  log: string;
  args: string[];
  source: Source;
}

/** Sockets and console of a machine. Its lab's place and its name are enough to find them. */
export function filesOf(place: Place, node: string): { monitor: string; agent: string; console: string } {
  return {
    monitor: join(place.runtime, `${node}.monitor`),
    agent: join(place.runtime, `${node}.agent`),
    console: join(place.folder, 'console', `${node}.log`),
  };
}

export function cloneOf(
  node: PlannedNode,
  number: number,
  place: Place,
  source: Source,
  plugs: Plug[],
  qemu: QemuProgram,
): Clone {
  const files = filesOf(place, node.name);
  const disk = diskFile(place, node);
  const args = machineArguments(
    machineName(place, node.name),
    source.hardware,
    { ...files, memory: source.memory, shareMemory: false, ...(disk && { disk }) },
    plugs,
    { incoming: true, user: unprivileged(qemu) },
  );
  return { node, place, number, ...files, log: join(place.folder, 'console', `${node.name}.qemu.log`), args, source };
}

/** Idle milliseconds for each step of a clone's start, in which it is rarely idle. If QEMU ends, the wait ends at once. */
const startDeadlineMs = 60_000;

/** A machine whose memory and devices are restored, and which does not run yet. */
export interface Restored {
  clone: Clone;
  monitor: Monitor;
  listening: Listening;
  /** Throws an error that says why the machine did not come up. */
  explain(error: unknown): Promise<never>;
}

/** Where the files that a machine starts from come from. */
export interface Origin {
  /** Throws an error if they were damaged. */
  blame(): Promise<void>;
  /** What helps when QEMU does not start with them. */
  tryThis: string;
}

/** Starts a machine from what was saved of one, up to the point where it can go on. The caller closes the monitor. */
export async function restore(clone: Clone, qemu: QemuProgram, origin: Origin): Promise<Restored> {
  await Promise.all([clone.monitor, clone.agent, clone.log].map(removeTree));
  await moveAside(clone.console);
  let ended = false;
  const { pid } = startDetached(qemu.path, clone.args, {
    log: clone.log,
    input: clone.source.state,
    onExit: () => {
      ended = true;
    },
  });
  const alive = () => {
    if (ended) throw new ProviderError('QEMU ended at once', { node: clone.node.name, log: clone.log });
  };
  const explain = async (error: unknown): Promise<never> => {
    const output = lastLines((await readIfThere(clone.log)) ?? '');
    const why = whyEnded(output ?? '');
    if (!why) await origin.blame();
    const shown = await shownOn(clone.console);
    const cause = causeOnConsole(shown);
    if (cause) {
      const facts = { node: clone.node.name, cause, tail: lastLines(shown), log: clone.console };
      throw new ProviderError('the machine did not come up', facts);
    }
    if (!ended) throw error;
    throw new ProviderError('QEMU ended instead of running the machine', {
      node: clone.node.name,
      ...(why ?? { tryThis: origin.tryThis }),
      tail: output,
      log: clone.log,
    });
  };
  const listening = { deadlineMs: startDeadlineMs, effort: effortOf(pid), alive };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(clone.monitor, clone.node.name, listening);
    await loadState(monitor, clone.node.name, listening);
    return { clone, monitor, listening, explain };
  } catch (error) {
    monitor?.close();
    return explain(error);
  }
}

/** Starts a clone of the template, and gives it its identity. */
export async function startClone(clone: Clone, qemu: QemuProgram, origin: Origin): Promise<Machine> {
  const { monitor, listening, explain } = await restore(clone, qemu, origin);
  try {
    await monitor.resume();
    return await reach(clone, monitor, listening);
  } catch (error) {
    return await explain(error);
  } finally {
    monitor.close();
  }
}

/** Keeps what the last machine of this name has shown: the reason for its end may be there. */
async function moveAside(file: string): Promise<void> {
  if (await exists(file)) await rename(file, file.replace(/\.log$/, '.before.log'));
}

/** What a machine has shown on its console since it started. */
export async function shownOn(file: string): Promise<string> {
  return ((await readIfThere(file)) ?? '').replaceAll('\r', '');
}

/** What QEMU's last messages mean. They come from qemu_ram_mmap, slirp_hostfwd and others. */
function whyEnded(output: string): Pick<Facts, 'cause' | 'tryThis'> | undefined {
  if (/host forwarding rule/.test(output)) {
    return {
      cause: 'no port of 127.0.0.1 is free: other programs use them all',
      tryThis: 'ss -tan state all src 127.0.0.1; cat /proc/sys/net/ipv4/ip_local_port_range',
    };
  }
  if (/Cannot allocate memory|unable to map backing store/.test(output)) {
    return {
      cause: 'the memory of this computer is used up',
      tryThis: 'lab status, then lab down for labs that are not needed',
    };
  }
  return undefined;
}

/** Gives a running machine its identity, if it has none yet, and returns how to log in to it. */
export async function reach(clone: Clone, monitor: Monitor, listening: Listening): Promise<Machine> {
  await tellGuest(clone.node.name, clone.agent, listening, 'identity.sh', () => identityArguments(clone));
  return machineOf(clone.node.name, await monitor.sshPort(), listening.effort);
}

/**
 * Runs a script of templates/guest/ in a machine, by its guest agent.
 * @param args called when the agent listens: the time is one of them
 */
export async function tellGuest(
  node: string,
  socket: string,
  listening: Listening,
  script: string,
  args: () => readonly string[],
): Promise<void> {
  const texts = ['fresh.sh', script].map((file) => readFile(join(projectRoot, 'templates/guest', file), 'utf8'));
  const agent = await Agent.open(socket, node, listening);
  try {
    await agent.sh(script, (await Promise.all(texts)).join(''), args());
  } finally {
    agent.close();
  }
}

function identityArguments({ node, number }: Clone): string[] {
  return [
    ...freshArguments(),
    node.name,
    `${management.guest}/24`,
    managementMac(number),
    ...node.nics.map((nic) => nic.mac),
  ];
}

/** The arguments of `fresh` in templates/guest/fresh.sh: the time, and random bytes. */
export function freshArguments(): string[] {
  return [(Date.now() / 1000).toFixed(3), randomBytes(32).toString('hex')];
}

/** QEMU's range; 00 in the fourth byte tells it from the MACs of lab NICs. */
function managementMac(number: number): string {
  const hex = number.toString(16).padStart(4, '0');
  return `52:54:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
}

export async function machineOf(node: string, port: number | undefined, effort: Effort | undefined): Promise<Machine> {
  if (port === undefined) throw new ProviderError('QEMU forwards no port to its SSH', { node });
  const [user, host] = await Promise.all([userKey(), guestHostKey()]);
  return {
    node,
    ...(effort && { effort }),
    ssh: {
      host: '127.0.0.1',
      port,
      user: 'root',
      identityFile: user.file,
      hostKey: host.publicKey.split(' ').slice(0, 2).join(' '),
    },
  };
}

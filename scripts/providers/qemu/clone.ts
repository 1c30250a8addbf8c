import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Facts, ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { lastLines, startDetached } from '../../host/exec.ts';
import { readIfThere, removeTree } from '../../host/files.ts';
import { type Place, projectRoot } from '../../host/paths.ts';
import type { Effort } from '../../host/patience.ts';
import { guestHostKey, userKey } from '../../host/ssh-keys.ts';
import { waitFor } from '../../host/wait.ts';
import type { PlannedNode } from '../../plan/plan.ts';
import type { Machine } from '../provider.ts';
import { Agent } from './agent.ts';
import { blameDamage } from './damage.ts';
import { diskFile } from './disks.ts';
import type { Listening } from './json-lines.ts';
import { machineName } from './lab-processes.ts';
import { machineArguments, management, type Plug } from './machine-arguments.ts';
import { Monitor } from './monitor.ts';
import { type QemuProgram, unprivileged } from './qemu-program.ts';
import type { Template } from './template.ts';

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
  template: Template,
  plugs: Plug[],
  qemu: QemuProgram,
): Clone {
  const files = filesOf(place, node.name);
  const disk = diskFile(place, node);
  const args = machineArguments(
    machineName(place, node.name),
    template.hardware,
    { ...files, memory: template.memory, shareMemory: false, ...(disk && { disk }) },
    plugs,
    { incoming: true, user: unprivileged(qemu) },
  );
  return { node, place, number, ...files, log: join(place.folder, 'console', `${node.name}.qemu.log`), args };
}

/** Idle milliseconds for each step of a clone's start, in which it is rarely idle. If QEMU ends, the wait ends at once. */
const startDeadlineMs = 60_000;

/** Starts a clone from the saved memory of the template. */
export async function startClone(clone: Clone, template: Template, qemu: QemuProgram): Promise<Machine> {
  await Promise.all([clone.monitor, clone.agent, clone.log].map(removeTree));
  let ended = false;
  const { pid } = startDetached(qemu.path, clone.args, {
    log: clone.log,
    input: template.state,
    onExit: () => {
      ended = true;
    },
  });
  const alive = () => {
    if (ended) throw new ProviderError('QEMU ended at once', { node: clone.node.name, log: clone.log });
  };
  const listening = { deadlineMs: startDeadlineMs, effort: effortOf(pid), alive };
  let monitor: Monitor | undefined;
  try {
    monitor = await Monitor.open(clone.monitor, clone.node.name, listening);
    await monitor.ignoreSharedMemory();
    await monitor.restoreFrom(3);
    const opened = monitor;
    await waitFor(async () => ((await opened.state()) === 'inmigrate' ? undefined : true), {
      what: `memory of ${clone.node.name}`,
      ...listening,
      everyMs: 5,
    });
    await monitor.resume();
    return await reach(clone, monitor, listening);
  } catch (error) {
    const output = lastLines((await readIfThere(clone.log)) ?? '');
    const why = whyEnded(output ?? '');
    if (!why) await blameDamage(template.hardware.image, template);
    if (!ended) throw error;
    throw new ProviderError('QEMU ended instead of running the machine', {
      node: clone.node.name,
      ...(why ?? { tryThis: 'lab image prune --all, then the same command, which builds image and template again' }),
      tail: output,
      log: clone.log,
    });
  } finally {
    monitor?.close();
  }
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
  const agent = await Agent.open(clone.agent, clone.node.name, listening);
  try {
    const script = await readFile(join(projectRoot, 'templates/guest/identity.sh'), 'utf8');
    await agent.sh('identity.sh', script, identityArguments(clone));
  } finally {
    agent.close();
  }
  return machineOf(clone.node.name, await monitor.sshPort(), listening.effort);
}

function identityArguments({ node, number }: Clone): string[] {
  return [
    node.name,
    (Date.now() / 1000).toFixed(3),
    randomBytes(32).toString('hex'),
    `${management.guest}/24`,
    managementMac(number),
    ...node.nics.map((nic) => nic.mac),
  ];
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

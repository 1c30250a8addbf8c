import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { startDetached } from '../../host/exec.ts';
import { exists, hashesOf, makePrivateFolder, readIfThere, removeTree, sizesOf } from '../../host/files.ts';
import { takeLock, tryLock } from '../../host/lock.ts';
import { cacheFolder, projectRoot, runtimeFolder } from '../../host/paths.ts';
import type { Effort } from '../../host/patience.ts';
import { endProcesses, findProcesses } from '../../host/processes.ts';
import { requireDisk } from '../../host/room.ts';
import { guestHostKey, userKey } from '../../host/ssh-keys.ts';
import { readState, writeState } from '../../host/state-file.ts';
import { waitFor } from '../../host/wait.ts';
import { type Emit, stage } from '../../report/events.ts';
import { systemName } from '../image/image.ts';
import { Agent } from './agent.ts';
import { type Hardware, hardwareArguments, machineArguments } from './machine-arguments.ts';
import { Monitor } from './monitor.ts';
import type { QemuProgram } from './qemu-program.ts';

/** A guest that was booted once and saved: clones map its memory copy-on-write and load its device state. */
export interface Template {
  key: string;
  folder: string;
  hardware: Hardware;
  memory: string;
  state: string;
}

interface Imprint {
  key: string;
  image: string;
  accelerator: string;
  qemu: string;
  built: string;
  seconds: number;
  /** Bytes of the memory and of the device state. */
  sizes: number[];
  /** SHA-256 of the same; templates of earlier versions have none. */
  hashes?: string[];
}

export function templatesFolder(): string {
  return join(cacheFolder(), 'templates');
}

/**
 * The template for this hardware, made or not. Its key holds all that the saved state depends on: QEMU's version,
 * the command line (with the image's key in its paths), the CPU under KVM, what was run in the guest, and the keys.
 */
export async function templateOf(hardware: Hardware, qemu: QemuProgram): Promise<Template> {
  const { user, host, script } = await ingredients();
  // Which build of the image: the template's memory holds what it read of it.
  const build = await readIfThere(join(hardware.image.folder, 'image.json'));
  const cpu = hardware.accelerator === 'kvm' ? await cpuModel() : '';
  const recipe = JSON.stringify([
    qemu.version,
    build,
    hardwareArguments(hardware),
    cpu,
    script,
    user.publicKey,
    host.publicKey,
  ]);
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const key = `${systemName(hardware.image.system)}-${hardware.accelerator}-${hardware.memory}-${hash}`;
  const folder = join(templatesFolder(), key);
  return { key, folder, hardware, memory: join(folder, 'memory'), state: join(folder, 'state') };
}

async function ingredients() {
  const [user, host, script] = await Promise.all([
    userKey(),
    guestHostKey(),
    readFile(join(projectRoot, 'templates/guest/prepare.sh'), 'utf8'),
  ]);
  return { user, host, script };
}

async function cpuModel(): Promise<string> {
  const text = (await readIfThere('/proc/cpuinfo')) ?? '';
  return ['model name', 'microcode', 'flags']
    .map((field) => new RegExp(`^${field}\\s*:.*`, 'm').exec(text)?.[0])
    .join();
}

/** Whole means: its imprint, written last, is there and the two files have the sizes it says. */
export async function isMade(template: Template): Promise<boolean> {
  const imprint = await readState<Imprint>(join(template.folder, 'template.json'));
  return imprint?.key === template.key && String(imprint.sizes) === String(await sizesIn(template.folder));
}

/** Whether the content of a finished template is another than what was saved. */
export async function isTemplateDamaged(folder: string): Promise<boolean> {
  const imprint = await readState<Imprint>(join(folder, 'template.json'));
  return imprint?.hashes !== undefined && String(imprint.hashes) !== String(await hashesOf(partsIn(folder)));
}

function sizesIn(folder: string): Promise<number[]> {
  return sizesOf(partsIn(folder));
}

function partsIn(folder: string): string[] {
  return ['memory', 'state'].map((name) => join(folder, name));
}

/** Makes the template unless it is there. Two at a time: one makes it, the other waits and says so. */
export async function ensureTemplate(hardware: Hardware, qemu: QemuProgram, emit: Emit): Promise<Template> {
  const template = await templateOf(hardware, qemu);
  if (await isMade(template)) return template;
  const lock = await takeLock(join(templatesFolder(), `${template.key}.lock`), {
    what: 'making the template machine',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the template machine: ${holder}` }),
  });
  try {
    if (await isMade(template)) return template;
    await stage(emit, 'template', 'booting the template machine', () => make(template, qemu, emit));
    return template;
  } finally {
    lock.release();
  }
}

async function make(template: Template, qemu: QemuProgram, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${template.folder}.draft`;
  const sockets = socketsOf(template.key);
  await endProcesses(await findProcesses(`${sockets}/`));
  await Promise.all([draft, sockets].map(removeTree));
  await Promise.all([draft, sockets].map(makePrivateFolder));
  await requireDisk({ [draft]: template.hardware.memory }, 'a template machine');
  const files = {
    memory: join(draft, 'memory'),
    shareMemory: true,
    monitor: join(sockets, 'monitor'),
    agent: join(sockets, 'agent'),
    console: join(draft, 'console.log'),
  };
  const log = join(draft, 'qemu.log');
  let ended = false;
  const alive = () => {
    if (ended) throw new ProviderError('QEMU ended while the template machine booted', { log });
  };
  const { pid } = startDetached(
    qemu.path,
    machineArguments('lvs-lab/template', template.hardware, files, [], { incoming: false }),
    {
      log,
      onExit: () => {
        ended = true;
      },
    },
  );
  const effort = effortOf(pid);
  try {
    const monitor = await Monitor.open(files.monitor, 'the template machine', { deadlineMs: 60_000, effort, alive });
    emit({ type: 'progress', stage: 'template', text: 'waiting for its guest agent' });
    const agent = await Agent.open(files.agent, 'template', { deadlineMs: 60_000, effort, alive });
    emit({ type: 'progress', stage: 'template', text: 'warming it up' });
    const { user, host, script } = await ingredients();
    await agent.sh('prepare.sh', script, [user.publicKey, host.privateKey]);
    agent.close();
    emit({ type: 'progress', stage: 'template', text: 'saving its memory' });
    await save(monitor, effort, join(draft, 'state'), join(sockets, 'state'));
  } finally {
    await endProcesses(await findProcesses(`${sockets}/`));
    await removeTree(sockets);
  }
  const sizes = await sizesIn(draft);
  if (sizes[0] !== template.hardware.memory * 2 ** 20 || !sizes[1]) {
    throw new ProviderError(`the template machine was not saved: ${sizes.join(' and ')} bytes of memory and state`, {
      log,
    });
  }
  const imprint: Imprint = {
    key: template.key,
    image: template.hardware.image.key,
    accelerator: template.hardware.accelerator,
    qemu: qemu.version,
    built: new Date().toISOString(),
    seconds: Math.round((performance.now() - start) / 1000),
    sizes,
    hashes: await hashesOf(partsIn(draft)),
  };
  await writeState(join(draft, 'template.json'), imprint);
  await removeTree(template.folder);
  await rename(draft, template.folder);
}

function socketsOf(key: string): string {
  return join(runtimeFolder(), `t${key.slice(-10)}`);
}

/** Ends template machines whose maker was killed: nobody holds their lock any more. */
export async function endAbandonedTemplates(): Promise<void> {
  const files = await readdir(templatesFolder()).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.lock'))) {
    const sockets = socketsOf(file.slice(0, -'.lock'.length));
    const left = await findProcesses(`${sockets}/`);
    if (left.length === 0 && !(await exists(sockets))) continue;
    const lock = await tryLock(join(templatesFolder(), file), 'ending an abandoned template machine');
    if (!lock) continue; // it is being made
    await endProcesses(left);
    await removeTree(sockets);
    lock.release();
  }
}

/** Stops the machine and saves its device state; its memory is in the shared file already. */
async function save(monitor: Monitor, effort: Effort, state: string, socket: string): Promise<void> {
  await monitor.ignoreSharedMemory();
  await monitor.stop();
  const received = receive(socket, state);
  await received.listening;
  await monitor.saveTo(socket);
  const status = await waitFor(
    async () => {
      const now = await monitor.saveStatus();
      return now === 'completed' || now === 'failed' ? now : undefined;
    },
    { what: 'device state of the template machine', deadlineMs: 60_000, effort, everyMs: 20 },
  );
  if (status === 'failed') throw new ProviderError('QEMU could not save the template machine');
  await received.written;
  await monitor.quit();
  monitor.close();
}

/** Takes one connection on a Unix socket and writes what comes to a file. */
function receive(socket: string, file: string): { listening: Promise<unknown>; written: Promise<void> } {
  const server = createServer();
  const written = once(server, 'connection').then(async ([connection]) => {
    server.close();
    await pipeline(connection as Socket, createWriteStream(file, { mode: 0o600 }));
  });
  server.listen(socket);
  return { listening: once(server, 'listening'), written };
}

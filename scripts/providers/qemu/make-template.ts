import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '../../errors.ts';
import { effortOf } from '../../host/effort.ts';
import { startDetached } from '../../host/exec.ts';
import { hashesOf, makePrivateFolder, removeTree } from '../../host/files.ts';
import type { Effort } from '../../host/patience.ts';
import { endProcesses, findProcesses } from '../../host/processes.ts';
import { requireDisk } from '../../host/room.ts';
import { writeState } from '../../host/state-file.ts';
import { waitFor } from '../../host/wait.ts';
import type { Emit } from '../../report/events.ts';
import { Agent } from './agent.ts';
import { type Hardware, machineArguments } from './machine-arguments.ts';
import { Monitor } from './monitor.ts';
import type { QemuProgram } from './qemu-program.ts';
import { receive } from './receive.ts';
import { type Imprint, ingredients, partsIn, sizesIn, socketsOf, type Template } from './template.ts';

/** Boots the template machine, warms it up and saves it. */
export async function makeTemplate(template: Template, qemu: QemuProgram, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${template.folder}.draft`;
  const sockets = socketsOf(template.key);
  await endProcesses(await findProcesses(`${sockets}/`));
  await Promise.all([draft, sockets].map(removeTree));
  await Promise.all([draft, sockets].map(makePrivateFolder));
  await requireDisk({ [draft]: template.hardware.memory }, 'a template machine');
  const log = join(draft, 'qemu.log');
  await bootAndSave(template.hardware, qemu, { draft, sockets, log }, emit);
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

/** Boots the machine, runs in it what all labs run, and saves it to the draft folder. */
async function bootAndSave(
  hardware: Hardware,
  qemu: QemuProgram,
  { draft, sockets, log }: { draft: string; sockets: string; log: string },
  emit: Emit,
): Promise<void> {
  const files = {
    memory: join(draft, 'memory'),
    shareMemory: true,
    monitor: join(sockets, 'monitor'),
    agent: join(sockets, 'agent'),
    console: join(draft, 'console.log'),
  };
  let ended = false;
  const alive = () => {
    if (ended) throw new ProviderError('QEMU ended while the template machine booted', { log });
  };
  const { pid } = startDetached(
    qemu.path,
    machineArguments('lvs-lab/template', hardware, files, [], { incoming: false }),
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
}

/** Stops the machine and saves its device state. Its memory is in the shared file already. */
async function save(monitor: Monitor, effort: Effort, state: string, socket: string): Promise<void> {
  await monitor.ignoreSharedMemory();
  await monitor.stop();
  const received = receive(socket, (connection) => pipeline(connection, createWriteStream(state, { mode: 0o600 })));
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
  await received.taken;
  await monitor.quit();
  monitor.close();
}

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { InterruptedError, LabError, ProviderError } from '../../errors.ts';
import { copySparse } from '../../host/copy-sparse.ts';
import { effortOf } from '../../host/effort.ts';
import { startDetached } from '../../host/exec.ts';
import { hashesOf, makePrivateFolder, readIfThere, removeTree } from '../../host/files.ts';
import { endProcesses, findProcesses } from '../../host/processes.ts';
import { requireDisk } from '../../host/room.ts';
import { writeState } from '../../host/state-file.ts';
import type { Emit } from '../../report/events.ts';
import { Agent } from './agent.ts';
import { bootFailure } from './boot-failure.ts';
import { machineArguments } from './machine-arguments.ts';
import { Monitor } from './monitor.ts';
import type { QemuProgram } from './qemu-program.ts';
import { loadState, saveState } from './saved-state.ts';
import {
  type Imprint,
  ingredients,
  type RoleScript,
  scriptsIn,
  sizesIn,
  socketsOf,
  type Template,
  templateFiles,
} from './template.ts';

/** Boots the template machine, or clones it for a role; runs its scripts, and saves it. */
export async function makeTemplate(template: Template, qemu: QemuProgram, emit: Emit): Promise<void> {
  const start = performance.now();
  const draft = `${template.folder}.draft`;
  const sockets = socketsOf(template.key);
  await endProcesses(await findProcesses(`${sockets}/`));
  await Promise.all([draft, sockets].map(removeTree));
  await Promise.all([draft, sockets].map(makePrivateFolder));
  await requireDisk({ [draft]: template.hardware.memory }, 'a template machine');
  const log = join(draft, 'qemu.log');
  await runAndSave(template, qemu, { draft, sockets, log }, emit);
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
    hashes: await hashesOf(templateFiles(draft)),
    scripts: await scriptsIn(template),
  };
  await writeState(join(draft, 'template.json'), imprint);
  await removeTree(template.folder);
  await rename(draft, template.folder);
}

/** Starts the machine, runs in it what all its clones have in common, and saves it to the draft folder. */
async function runAndSave(
  template: Template,
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
  const base = template.role?.base;
  if (base) await copySparse(base.memory, files.memory);
  let ended = false;
  const alive = () => {
    if (ended) throw new ProviderError('QEMU ended while the template machine was made', { log });
  };
  const { pid } = startDetached(
    qemu.path,
    machineArguments('lvs-lab/template', template.hardware, files, [], { incoming: base !== undefined }),
    {
      log,
      ...(base && { input: base.state }),
      onExit: () => {
        ended = true;
      },
    },
  );
  const listening = { deadlineMs: 60_000, effort: effortOf(pid), alive };
  try {
    const monitor = await Monitor.open(files.monitor, 'the template machine', listening);
    if (base) {
      await loadState(monitor, 'the template machine', listening);
      await monitor.resume();
    } else emit({ type: 'progress', stage: 'template', text: 'waiting for its guest agent' });
    const agent = await Agent.open(files.agent, 'template', listening);
    for (const { name, text, args = [] } of template.role?.scripts ?? [await prepareScript()]) {
      emit({ type: 'progress', stage: 'template', text: `running ${name}` });
      await agent.sh(name, text, args);
    }
    agent.close();
    emit({ type: 'progress', stage: 'template', text: 'saving its memory' });
    await saveState(monitor, listening.effort, join(draft, 'state'), join(sockets, 'state'));
  } catch (error) {
    const { layer } = template.hardware.image;
    if (!layer || base || !(error instanceof LabError) || error instanceof InterruptedError) throw error;
    throw bootFailure(layer.name, (await readIfThere(files.console)) ?? '', { ...error.facts, log: files.console });
  } finally {
    await endProcesses(await findProcesses(`${sockets}/`));
    await removeTree(sockets);
  }
}

async function prepareScript(): Promise<RoleScript> {
  const { user, host, script } = await ingredients();
  return { name: 'prepare.sh', text: script, args: [user.publicKey, host.privateKey] };
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, removeTree } from '../../host/files.ts';
import { takeLock, tryLock } from '../../host/lock.ts';
import { endProcesses, findProcesses } from '../../host/processes.ts';
import { type Emit, stage } from '../../report/events.ts';
import { makeTemplate } from './make-template.ts';
import type { QemuProgram } from './qemu-program.ts';
import { isMade, socketsOf, type Template, templatesFolder } from './template.ts';

/** Makes a template unless it is made. If two commands run at the same time, one makes it, and the other waits and says so. */
export async function ensureTemplate(template: Template, qemu: QemuProgram, emit: Emit): Promise<void> {
  if (await isMade(template)) return;
  const { role } = template;
  if (role) await ensureTemplate(role.base, qemu, emit);
  const lock = await takeLock(join(templatesFolder(), `${template.key}.lock`), {
    what: 'making the template machine',
    onWait: (holder) => emit({ type: 'note', text: `waiting for the template machine: ${holder}` }),
  });
  try {
    if (await isMade(template)) return;
    const what = role
      ? `preparing a machine for ${role.scripts.map(({ name }) => name).join(', ')}`
      : 'booting the template machine';
    await stage(emit, 'template', what, () => makeTemplate(template, qemu, emit));
  } finally {
    lock.release();
  }
}

/** Ends template machines of killed commands: those whose locks are free. */
export async function endAbandonedTemplates(): Promise<void> {
  const files = await readdir(templatesFolder()).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.lock'))) {
    const sockets = socketsOf(file.slice(0, -'.lock'.length));
    const left = await findProcesses(`${sockets}/`);
    if (left.length === 0 && !(await exists(sockets))) continue;
    const lock = await tryLock(join(templatesFolder(), file), 'ending an abandoned template machine');
    if (!lock) continue; // a command is making it
    await endProcesses(left);
    await removeTree(sockets);
    lock.release();
  }
}

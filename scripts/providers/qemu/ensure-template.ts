import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, removeTree } from '../../host/files.ts';
import { takeLock, tryLock } from '../../host/lock.ts';
import { endProcesses, findProcesses } from '../../host/processes.ts';
import { type Emit, stage } from '../../report/events.ts';
import { makeTemplate } from './make-template.ts';
import type { QemuProgram } from './qemu-program.ts';
import { isMade, ownMark, socketsOf, type Template, templatesFolder } from './template.ts';

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
    if (template.own) await removeOlder(template);
  } finally {
    lock.release();
  }
}

/** So many templates with modules of one's own are kept of one kernel: after an edit nobody comes back to the one before. */
const keptOwn = 3;
/** Milliseconds in which a command that has found a template surely has its machines. */
const settled = 3_600_000;

/** Removes older templates of the same kernel with other modules. Machines that run keep the memory that they have mapped. */
async function removeOlder({ key, folder, role }: Template): Promise<void> {
  const start = `${role?.base.key}${ownMark}-`;
  const names = await readdir(templatesFolder());
  const others = names.filter((name) => name.startsWith(start) && /^[0-9a-f]+$/.test(name.slice(start.length)));
  const newest = await stat(folder);
  const found = await Promise.all(
    others
      .filter((name) => name !== key)
      .map(async (name) => ({ name, made: (await stat(join(templatesFolder(), name))).mtimeMs })),
  );
  const old = found.sort((one, other) => other.made - one.made).slice(keptOwn - 1);
  for (const { name, made } of old) {
    if (newest.mtimeMs - made > settled) await removeTree(join(templatesFolder(), name));
  }
}

/** Ends template machines of killed commands: those whose locks are free. */
export async function endAbandonedTemplates(): Promise<void> {
  const files = await readdir(templatesFolder()).catch(() => []);
  for (const file of files.filter((name) => name.endsWith('.lock'))) {
    const sockets = socketsOf(file.slice(0, -'.lock'.length));
    const processes = await findProcesses(`${sockets}/`);
    if (processes.length === 0 && !(await exists(sockets))) continue;
    const lock = await tryLock(join(templatesFolder(), file), 'ending an abandoned template machine');
    if (!lock) continue; // a command is making it
    await endProcesses(processes);
    await removeTree(sockets);
    lock.release();
  }
}

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectionError, LabError, MissingPartError } from '../../errors.ts';
import { run } from '../../host/exec.ts';
import { type Place, projectRoot } from '../../host/paths.ts';
import { errorText } from '../../report/error-text.ts';
import { errorOf, parseLine, type VagrantLine } from './machine-readable.ts';
import { translateError } from './translate-error.ts';

interface VagrantOptions {
  timeoutMs: number;
  /** Called with each line when it is printed. */
  onLine?: (line: VagrantLine) => void;
  env?: Record<string, string>;
  /** It makes or destroys machines, under the lab's lock. If this command is killed, the next one ends it. */
  changes?: boolean;
}

/** Vagrant's own state of a lab. */
export function vagrantFolder(place: Place): string {
  return join(place.folder, 'vagrant');
}

/** The environment variable that marks the processes of a lab, so that those of a killed command are found. */
export const mark = 'LAB_VAGRANT';

/**
 * Runs vagrant on the machines of a lab.
 * @throws MissingPartError when vagrant or a plug-in is missing, ConnectionError when its time is over, ProviderError for an error
 * of Vagrant; each with its cause and what helps
 */
export async function vagrant(
  place: Place,
  args: readonly string[],
  { timeoutMs, onLine, env = {}, changes = false }: VagrantOptions,
): Promise<VagrantLine[]> {
  const lines: VagrantLine[] = [];
  const other: string[] = [];
  const log = join(place.folder, 'vagrant.log');
  const running = run('vagrant', [...args, '--machine-readable'], {
    cwd: projectRoot,
    timeoutMs,
    anyExitCode: true,
    env: {
      VAGRANT_CWD: projectRoot,
      VAGRANT_VAGRANTFILE: 'Vagrantfile',
      VAGRANT_DOTFILE_PATH: vagrantFolder(place),
      VAGRANT_CHECKPOINT_DISABLE: '1',
      VAGRANT_NO_COLOR: '1',
      LAB_PLAN: join(place.folder, 'plan.json'),
      ...(changes && { [mark]: place.id }),
      ...env,
    },
    onLine: (text) => {
      const line = parseLine(text);
      if (line) onLine?.(line);
    },
  });
  const { code, stdout, stderr } = await running.catch(async (error: unknown) => {
    if (!(error instanceof LabError) || error instanceof MissingPartError) throw error;
    await appendFile(log, `$ vagrant ${args.join(' ')}: ${errorText(error)}\n`, { mode: 0o600 });
    throw new ConnectionError(`vagrant ${args[0]}: ${error.message}`, {
      log,
      cause: 'this computer is busy, or the hypervisor hangs',
      tryThis: `lab down ${place.lab}, then the same command again`,
    });
  });
  for (const text of stdout.split('\n')) {
    const line = parseLine(text);
    if (line) lines.push(line);
    else if (text) other.push(text);
  }
  await appendFile(log, `$ vagrant ${args.join(' ')}: exit code ${code}\n${stdout}\n${stderr}\n`, { mode: 0o600 });
  if (code === 0) return lines;
  // A bug, or an error of a plug-in, is a backtrace of Ruby without an error-exit line.
  const error = errorOf(lines) ?? { name: '', text: [...other, stderr].join('\n').trim() || `exit code ${code}` };
  throw translateError(error, place.lab, { log });
}

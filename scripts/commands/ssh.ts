import { run } from '../host/exec.ts';
import { writeSshConfig } from '../host/run-state.ts';
import { sshConfigOf } from '../host/run-state.ts';
import { printJson } from '../report/output.ts';
import type { Globals } from './globals.ts';
import { machinesOf, openRunningLab, requireNode } from './open-lab.ts';

/** lab ssh NAME NODE [-- CMD…]: a shell, or one command with its exit code. */
export async function ssh(name: string, node: string, command: string[], globals: Globals): Promise<number> {
  const opened = await openRunningLab(name);
  requireNode(opened.plan, node);
  await writeSshConfig(opened.place, await machinesOf(opened));
  const args = ['-F', sshConfigOf(opened.place), node, ...(command.length > 0 ? ['--', ...command] : [])];
  if (!globals.json) return (await run('ssh', args, { terminal: true, anyExitCode: true })).code;
  const { code, stdout, stderr } = await run('ssh', args, { anyExitCode: true });
  printJson({ schema: 'lvs-lab/ssh/1', lab: opened.plan.lab, node, command, exitCode: code, stdout, stderr });
  return code;
}

import { run } from '../host/exec.ts';
import { sshConfigOf, writeSshConfig } from '../host/run-state.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { printJson } from '../report/output.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, requireNode } from './opened-lab.ts';

/**
 * lab ssh NAME NODE [-- CMD…]: a shell, or one command with its exit code. Several words reach the node as they are;
 * a single one is shell text, so that pipes and redirections can be given in quotes.
 */
export async function ssh(name: string, node: string, command: string[], globals: Globals): Promise<number> {
  const opened = await findRunningLab(name);
  requireNode(opened.plan, node);
  await writeSshConfig(opened.place, await machinesOf(opened, [node]));
  const args = ['-F', sshConfigOf(opened.place), node, ...(command.length > 0 ? ['--', remoteText(command)] : [])];
  if (!globals.json) return (await run('ssh', args, { terminal: true, anyExitCode: true })).code;
  const { code, stdout, stderr } = await run('ssh', args, { anyExitCode: true });
  printJson({ schema: 'lvs-lab/ssh/1', lab: opened.plan.lab, node, command, exitCode: code, stdout, stderr });
  return code;
}

function remoteText(command: readonly string[]): string {
  return command.length === 1 ? String(command[0]) : command.map(shellQuote).join(' ');
}

import { run } from '../host/exec.ts';
import { sshConfigOf, writeSshConfig } from '../host/ssh-config.ts';
import { shellQuote } from '../render/shell-quote.ts';
import { printJson } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import type { Globals } from './globals.ts';
import { findRunningLab, machinesOf, requireNode } from './opened-lab.ts';

/**
 * lab ssh NAME NODE [-- CMD…]: a shell on a node, or one command with its exit code, as root. Several words reach the node
 * unchanged. A single word is shell text, so that pipes and redirections can be given in quotes.
 */
export async function ssh(name: string, node: string, command: string[], globals: Globals): Promise<number> {
  const opened = await findRunningLab(name);
  requireNode(opened.plan, node);
  const machines = await machinesOf(opened, [node], display(globals.json ? 'quiet' : globals.loudness).emit);
  await writeSshConfig(opened.place, machines);
  const user = machines.find((machine) => machine.node === node)?.ssh.user;
  const remote = remoteText(command, user === 'root');
  const terminal = command.length === 0 && remote !== '' ? ['-t'] : [];
  const args = ['-F', sshConfigOf(opened.place), ...terminal, node, ...(remote ? ['--', remote] : [])];
  if (!globals.json) return (await run('ssh', args, { terminal: true, anyExitCode: true })).code;
  const { code, stdout, stderr } = await run('ssh', args, { anyExitCode: true });
  printJson({ schema: 'lvs-lab/ssh/1', lab: opened.plan.lab, node, command, exitCode: code, stdout, stderr });
  return code;
}

/** The command line for the node; empty for root's login shell. The user of a Vagrant box becomes root by sudo. */
function remoteText(command: readonly string[], isRoot: boolean): string {
  const text = command.length === 1 ? String(command[0]) : command.map(shellQuote).join(' ');
  if (isRoot) return text;
  return text === '' ? 'sudo -i' : `sudo -- sh -c ${shellQuote(text)}`;
}

import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'ssh NAME NODE [COMMAND...]',
    'open a shell on a node, or run one command there',
    'lab ssh dr rs1',
    'lab ssh dr director -- ipvsadm -Ln --stats',
  ).action(
    runs(async (globals, name: string, node: string, words: string[], _: Flags) => {
      const { ssh } = await import('../actions/ssh.ts');
      return ssh(name, node, words, globals);
    }),
  );
}

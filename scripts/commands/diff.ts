import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'diff NAME [NODE]',
    'show what was changed on the nodes since the lab was set up, and how to undo it',
    'lab diff dr',
    'lab diff dr rs1',
  ).action(
    runs(async (globals, name: string, node: string | undefined, _: Flags) => {
      announce(globals, name);
      const { diff } = await import('../actions/diff.ts');
      return diff(name, node, globals);
    }),
  );
}

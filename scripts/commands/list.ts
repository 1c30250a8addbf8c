import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'list', 'list the labs that can be run by name', 'lab list').action(
    runs(async (globals, _: Flags) => {
      const { list } = await import('../actions/list.ts');
      return list(globals);
    }),
  );
}

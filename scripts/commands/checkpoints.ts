import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'checkpoints [NAME]', 'list the labs that are saved', 'lab checkpoints', 'lab checkpoints dr').action(
    runs(async (globals, name: string | undefined, _: Flags) => {
      const { checkpoints } = await import('../actions/checkpoints.ts');
      return checkpoints(name, globals);
    }),
  );
}

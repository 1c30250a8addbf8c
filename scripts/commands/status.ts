import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'status [NAME]', 'show which labs and machines run', 'lab status', 'lab status dr --json').action(
    runs(async (globals, name: string | undefined, _: Flags) => {
      const { status } = await import('../actions/status.ts');
      return status(name, globals);
    }),
  );
}

import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'forget NAME LABEL', 'remove a saved lab', 'lab forget dr broken').action(
    runs(async (globals, name: string, label: string, _: Flags) => {
      const { forget } = await import('../actions/forget.ts');
      return forget(name, label, globals);
    }),
  );
}

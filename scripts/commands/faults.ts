import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'faults [NAME]',
    'list the faults that lab break can make, and where',
    'lab faults',
    'lab faults dr',
  ).action(
    runs(async (globals, name: string | undefined, _: Flags) => {
      const { listFaults } = await import('../actions/faults.ts');
      return listFaults(name, globals);
    }),
  );
}

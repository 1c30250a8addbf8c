import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'doctor', 'show what this computer has and what is missing', 'lab doctor').action(
    runs(async (globals, _: Flags) => {
      const { doctor } = await import('../actions/doctor.ts');
      return doctor(globals);
    }),
  );
}

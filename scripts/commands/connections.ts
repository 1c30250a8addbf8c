import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'connections NAME', 'show the director’s connection table', 'lab connections dr').action(
    runs(async (globals, name: string, _: Flags) => {
      announce(globals, name);
      const { connections } = await import('../actions/connections.ts');
      return connections(name, globals);
    }),
  );
}

import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'bugs', 'list the bugs that lab bug can look for', 'lab bugs').action(
    runs(async (globals, _options: Flags) => {
      const { bugs } = await import('../actions/bugs.ts');
      return bugs(globals);
    }),
  );
}

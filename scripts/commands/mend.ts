import type { Command } from 'commander';
import type { MendOptions } from '../actions/mend.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'mend NAME', 'undo the faults that lab break made', 'lab mend dr', 'lab mend dr --reveal')
    .option('--reveal', 'tell which faults they were', false)
    .action(
      runs(async (globals, name: string, options: MendOptions & Flags) => {
        announce(globals, name);
        const { mend } = await import('../actions/mend.ts');
        return mend(name, options, globals);
      }),
    );
}

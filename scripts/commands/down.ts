import type { Command } from 'commander';
import type { DownOptions } from '../actions/down.ts';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'down [NAME]', 'end a lab', 'lab down dr', 'lab down --all')
    .option('--all', 'every lab of yours, from whatever folder', false)
    .option('--dry-run', 'say what would be ended', false)
    .action(
      runs(async (globals, name: string | undefined, options: DownOptions & Flags) => {
        const { down } = await import('../actions/down.ts');
        return down(name, options, globals);
      }),
    );
}

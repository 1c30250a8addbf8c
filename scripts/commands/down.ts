import type { Command } from 'commander';
import type { DownOptions } from '../actions/down.ts';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'down [NAME]', 'stop a lab and remove its machines', 'lab down dr', 'lab down --all')
    .option('--all', 'every lab of yours, whatever folder it belongs to', false)
    .option('--dry-run', 'name the labs that would be stopped', false)
    .action(
      runs(async (globals, name: string | undefined, options: DownOptions & Flags) => {
        const { down } = await import('../actions/down.ts');
        return down(name, options, globals);
      }),
    );
}

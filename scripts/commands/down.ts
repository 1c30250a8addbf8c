import type { Command } from 'commander';
import type { DownOptions } from '../actions/down.ts';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(lab, 'down [NAME]', 'stop a lab and remove its machines', 'lab down dr', 'lab down --all')
    .option('--all', 'stop all your labs, in whatever folder they were started', false)
    .option('--dry-run', 'list the labs that would be stopped, and stop none', false)
    .action(
      runs(async (globals, name: string | undefined, options: DownOptions & Flags) => {
        const { down } = await import('../actions/down.ts');
        return down(name, options, globals);
      }),
    );
}

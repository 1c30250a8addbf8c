import type { Command } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'kernels',
    'list the kernels that machines can have: those of Debian’s archive, and those in the cache',
    'lab kernels',
    'lab kernels --update',
  )
    .option('--update', 'read Debian’s archive again', false)
    .option('--all', 'also generic kernels, which have all modules', false)
    .action(
      runs(async (globals, options: { update: boolean; all: boolean } & Flags) => {
        const { kernels } = await import('../actions/kernels.ts');
        return kernels(options, globals);
      }),
    );
}

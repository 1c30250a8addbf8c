import type { Command } from 'commander';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'stats NAME',
    'show connections, packets and bytes of each real server',
    'lab stats dr',
    'lab stats dr --watch',
  )
    .option('--watch', 'repeat every two seconds', false)
    .action(
      runs(async (globals, name: string, options: { watch: boolean } & Flags) => {
        announce(globals, name);
        const { stats } = await import('../actions/stats.ts');
        return stats(name, options, globals);
      }),
    );
}

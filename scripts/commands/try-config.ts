import type { Command } from 'commander';
import type { TryConfigOptions } from '../actions/try-config.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'try-config NAME FILE',
    'let keepalived read a keepalived.conf, and compare its table with what lab import reads',
    'lab try-config dr /etc/keepalived/keepalived.conf',
    'lab try-config dr keepalived.conf --config-id main',
  )
    .addHelpText(
      'after',
      [
        '\nkeepalived on the director of lab NAME reads FILE, and what it includes, in a',
        'network namespace of its own. The lab does not notice, and FILE may have other',
        'addresses: nothing leaves the namespace.',
      ].join('\n'),
    )
    .option('--config-id <id>', 'the configuration that lines @ID of the file are for')
    .action(
      runs(async (globals, name: string, file: string, options: TryConfigOptions & Flags) => {
        announce(globals, name);
        const { tryConfig } = await import('../actions/try-config.ts');
        return tryConfig(name, file, options, globals);
      }),
    );
}

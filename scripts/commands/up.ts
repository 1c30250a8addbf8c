import type { Command } from 'commander';
import type { UpOptions } from '../actions/up.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import { kernel, module, noSetup, provider, realServers, scheduler, site } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(lab, 'up NAME', 'start the machines of a lab and set them up', 'lab up dr', 'lab up dr --dry-run')
    .addOption(realServers())
    .addOption(scheduler())
    .addOption(site())
    .addOption(kernel())
    .addOption(module())
    .addOption(provider())
    .addOption(noSetup())
    .option('--dry-run', 'print the plan and start nothing', false)
    .action(
      runs(async (globals, name: string, options: UpOptions & Flags) => {
        announce(globals, name);
        const { up } = await import('../actions/up.ts');
        return up(name, options, globals);
      }),
    );
}

import type { Command } from 'commander';
import type { LabOptions } from '../actions/open-lab.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { realServers, scheduler, site } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'render NAME',
    'print the scripts of a lab, without a machine',
    'lab render dr',
    'lab render nat --node rs1',
  )
    .option('--node <node>', 'print only the scripts of this node')
    .addOption(realServers())
    .addOption(scheduler())
    .addOption(site())
    .action(
      runs(async (globals, name: string, options: LabOptions & { node?: string } & Flags) => {
        const { render } = await import('../actions/render.ts');
        return render(name, options, globals);
      }),
    );
}

import type { Command } from 'commander';
import type { RunOptions } from '../actions/run.ts';
import { announce, command, type Flags, runs } from '../cli/command.ts';
import {
  kernel,
  module,
  noDiagnose,
  noSetup,
  provider,
  realServers,
  requests,
  scheduler,
  site,
} from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'run NAME',
    'start a lab, set it up and verify it',
    'lab run nat',
    'lab run labs/mine.yaml',
    'lab run dr --real-servers 8',
    'lab run dr --with nfs,php,mysql',
    'lab run dr --kernel 6.1,director=7.2',
    'lab run dr --provider vagrant',
  )
    .addOption(realServers())
    .addOption(requests())
    .addOption(scheduler())
    .addOption(site())
    .addOption(kernel())
    .addOption(module())
    .addOption(provider())
    .addOption(noSetup())
    .addOption(noDiagnose())
    .action(
      runs(async (globals, name: string, options: RunOptions & Flags) => {
        announce(globals, name);
        const { run } = await import('../actions/run.ts');
        return run(name, options, globals);
      }),
    );
}

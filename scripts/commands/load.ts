import type { Command } from 'commander';
import type { LoadOptions } from '../actions/load.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'load NAME|FILE [LABEL]',
    'bring a lab back as it was saved, in place of the one that runs',
    'lab load dr',
    'lab load dr broken',
    'lab load exercise.lvslab',
  )
    .option('--replace', 'load a FILE even if a lab of its name runs, which is then stopped', false)
    .addOption(noSetup())
    .action(
      runs(async (globals, name: string, label: string | undefined, options: LoadOptions & Flags) => {
        const { load } = await import('../actions/load.ts');
        return load(name, label, options, globals);
      }),
    );
}

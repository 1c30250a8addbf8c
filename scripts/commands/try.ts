import { type Command, Option } from 'commander';
import type { TryOptions } from '../actions/try.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { kernel, module, noSetup, provider } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'try FILE',
    'do the steps of an experiment in a lab of its own, and see whether what must be seen is seen',
    'lab try mine.yaml',
    'lab try mine.yaml --keep',
    'lab try mine.yaml --json',
  )
    .option('--keep', 'let the lab run on; what steps changed is undone', false)
    .addOption(
      new Option('--from <label>', 'begin from a checkpoint of this experiment’s lab instead of fresh machines'),
    )
    .addOption(kernel())
    .addOption(module())
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, file: string, options: TryOptions & Flags) => {
        const { tryExperiment } = await import('../actions/try.ts');
        return tryExperiment(file, options, globals);
      }),
    );
}

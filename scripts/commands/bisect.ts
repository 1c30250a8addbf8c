import { type Command, Option } from 'commander';
import type { BisectOptions } from '../actions/bisect.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup, provider, someKernel } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'bisect ID',
    'find the two kernels of Debian between which a bug came, or went',
    'lab bisect mine.yaml --good 6.12.43 --bad 6.12.118',
  )
    .addOption(
      new Option('--good <kernel>', 'one that does not have the bug')
        .argParser(someKernel('--good'))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--bad <kernel>', 'one that has it').argParser(someKernel('--bad')).makeOptionMandatory())
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, id: string, options: BisectOptions & Flags) => {
        const { bisect } = await import('../actions/bisect.ts');
        return bisect(id, options, globals);
      }),
    );
}

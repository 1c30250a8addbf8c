import { type Command, Option } from 'commander';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup, someKernel } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'build-module SOURCE',
    'build IPVS for a kernel of Debian: from a kernel’s tree, a folder with its sources, or a patch',
    'lab build-module ../linux --kernel 6.12.118',
    'lab build-module fix.patch --kernel 6.12.118 --to fixed',
  )
    .addOption(
      new Option('--kernel <kernel>', 'the kernel that loads it: 6.12.118, 6.12, sid')
        .argParser(someKernel('--kernel'))
        .makeOptionMandatory(),
    )
    .option('--to <folder>', 'the folder for the modules; by default modules/KERNEL')
    .addOption(noSetup())
    .action(
      runs(async (globals, source: string, options: { kernel: string; to?: string; setup: boolean } & Flags) => {
        const { buildModule } = await import('../actions/build-module.ts');
        return buildModule(source, options, globals);
      }),
    );
}

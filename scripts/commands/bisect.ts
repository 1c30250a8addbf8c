import { type Command, Option } from 'commander';
import type { BisectOptions } from '../actions/bisect.ts';
import type { GitBisectOptions } from '../actions/bisect-git.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup, provider, someKernel } from '../cli/options.ts';
import { UsageError } from '../errors.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'bisect ID',
    'find the two kernels of Debian, or the commit of IPVS, between which a bug came, or went',
    'lab bisect mine.yaml --good 6.12.43 --bad 6.12.118',
    'lab bisect mine.yaml --git ../linux --good v6.12.90 --bad v6.12.118',
  )
    .addOption(new Option('--good <version>', 'a kernel that does not have the bug').makeOptionMandatory())
    .addOption(new Option('--bad <version>', 'one that has it').makeOptionMandatory())
    .option('--git <tree>', 'a kernel’s repository: good and bad are commits of it, and IPVS is built from each')
    .addOption(
      new Option('--kernel <kernel>', 'with --git: the kernel that IPVS is built for').argParser(
        someKernel('--kernel'),
      ),
    )
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, id: string, options: (BisectOptions | GitBisectOptions) & Flags) => {
        if ('git' in options) {
          const { bisectGit } = await import('../actions/bisect-git.ts');
          return bisectGit(id, options, globals);
        }
        if ('kernel' in options) throw new UsageError('--kernel is for --git: without it kernels are what is tried');
        for (const end of ['good', 'bad'] as const) someKernel(`--${end}`)(options[end]);
        const { bisect } = await import('../actions/bisect.ts');
        return bisect(id, options, globals);
      }),
    );
}

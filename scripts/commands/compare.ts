import { type Command, Option } from 'commander';
import type { CompareGrowthOptions } from '../actions/compare-growth.ts';
import type { CompareMethodsOptions } from '../actions/compare-methods.ts';
import type { CompareSchedulersOptions } from '../actions/compare-schedulers.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup } from '../cli/options.ts';
import { wholeNumber, wholeNumbers, wordsOf } from '../cli/values.ts';
import { UsageError } from '../errors.ts';
import {
  comparedConnectionCount,
  comparedRequestCount,
  comparedVipCount,
  growthRoundCount,
  realServerCount,
  weightRange,
} from '../model/limits.ts';
import { type Scheduler, schedulerFlags, schedulers } from '../model/words.ts';

type Options = CompareMethodsOptions &
  Pick<CompareGrowthOptions, 'rounds'> & { growth?: boolean } & Omit<CompareSchedulersOptions, 'schedulers'> & {
    schedulers?: Scheduler[];
  };

export function grammar(lab: Command): void {
  const made = command(
    lab,
    'compare [NAME...]',
    'compare labs: what a request costs the director; or schedulers',
    'lab compare nat dr tun',
    'lab compare nat dr tun --instructions',
    'lab compare dr tun tun-gue tun-gre --svg tunnels.svg',
    'lab compare nat --growth',
    'lab compare --schedulers wlc,sh,mh --servers 16',
    'lab compare --schedulers sh,dh,mh --vips 1000 --connections 1000000',
  )
    .option('--requests <n>', 'requests of each kind in each lab', wholeNumber('--requests', comparedRequestCount), 10)
    .addOption(new Option('--instructions', 'also count the instructions of the director’s kernel'))
    .addOption(
      new Option('--growth', 'measure one lab as its director’s work grows, by IPVS and by nft')
        .conflicts('against')
        .conflicts('svg')
        .conflicts('schedulers'),
    )
    .option(
      '--rounds <n>',
      'with --growth: how often each size is measured',
      wholeNumber('--rounds', growthRoundCount),
      3,
    )
    .addOption(new Option('--against <file>', 'what --json printed before: say which numbers differ'))
    .addOption(new Option('--svg <file>', 'write the bytes through the directors as a picture'))
    .addOption(new Option('--csv <file>', 'write a row for each lab and kind of request, or each scheduler'))
    .addOption(noSetup());
  withSchedulerOptions(made).action(
    runs(async (globals, names: string[], options: Options & Flags) => {
      const { schedulers: compared, ...others } = options;
      if (compared && names.length > 0) throw new UsageError('labs and --schedulers cannot be compared at once');
      if (compared) {
        const { compareTheSchedulers } = await import('../actions/compare-schedulers.ts');
        return compareTheSchedulers({ ...others, schedulers: compared }, globals);
      }
      if (names.length === 0)
        throw new UsageError('name labs to compare, or --schedulers', { tryThis: 'lab compare nat dr tun' });
      if (options.growth) {
        const [name = '', ...more] = names;
        if (more.length > 0)
          throw new UsageError('--growth measures one lab', { tryThis: `lab compare ${name} --growth` });
        const { compareGrowth } = await import('../actions/compare-growth.ts');
        return compareGrowth(name, others, globals);
      }
      const { compareMethods } = await import('../actions/compare-methods.ts');
      return compareMethods(names, others, globals);
    }),
  );
}

/** Options of the comparison that needs no machine. */
function withSchedulerOptions(made: Command): Command {
  return made
    .addOption(
      new Option('--schedulers <s,s,…>', 'compare these; computed as the kernel does, without a machine').argParser(
        wordsOf('--schedulers', schedulers, (word) => `there is no scheduler ${word}`),
      ),
    )
    .option('--servers <n>', 'number of real servers, with weight 1 each', wholeNumber('--servers', realServerCount), 4)
    .addOption(
      new Option('--weights <w,w,…>', 'weights of rs1, rs2, …, in the order they are added')
        .argParser(wholeNumbers('--weights', weightRange, realServerCount.most))
        .conflicts('servers'),
    )
    .option(
      '--connections <n>',
      'number of connections, each from another client, which stay open',
      wholeNumber('--connections', comparedConnectionCount),
      100_000,
    )
    .option('--vips <n>', 'number of VIPs, as a service by mark may have', wholeNumber('--vips', comparedVipCount), 1)
    .addOption(
      new Option('--flags <f,f>', `flags of sh and mh: ${schedulerFlags.join(', ')}`)
        .argParser(wordsOf('--flags', schedulerFlags, (word) => `no scheduler has a flag ${word}`))
        .default([], 'none'),
    )
    .option('--seed <n>', 'draw other clients', wholeNumber('--seed', { least: 0, most: 2 ** 32 - 1 }), 1);
}

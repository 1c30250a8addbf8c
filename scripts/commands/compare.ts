import { type Command, Option } from 'commander';
import type { CompareSchedulersOptions } from '../actions/compare-schedulers.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { wholeNumber, wholeNumbers, wordsOf } from '../cli/values.ts';
import { comparedConnectionCount, comparedVipCount, realServerCount, weightRange } from '../model/limits.ts';
import { schedulerFlags, schedulers } from '../model/words.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'compare',
    'compare schedulers: how even the load is, and which clients move',
    'lab compare --schedulers wlc,sh,mh --servers 16',
    'lab compare --schedulers sh,dh,mh --vips 1000 --connections 1000000',
    'lab compare --schedulers sh,mh --flags sh-fallback,mh-fallback',
  )
    .addOption(
      new Option('--schedulers <s,s,…>', 'the schedulers; computed as the kernel does, without a machine')
        .argParser(wordsOf('--schedulers', schedulers, (word) => `there is no scheduler ${word}`))
        .makeOptionMandatory(),
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
    .option('--seed <n>', 'draw other clients', wholeNumber('--seed', { least: 0, most: 2 ** 32 - 1 }), 1)
    .addOption(new Option('--csv <file>', 'write a row for each scheduler'))
    .action(
      runs(async (globals, options: CompareSchedulersOptions & Flags) => {
        const { compareTheSchedulers } = await import('../actions/compare-schedulers.ts');
        return compareTheSchedulers(options, globals);
      }),
    );
}

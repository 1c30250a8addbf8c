import { Argument, type Command, Option } from 'commander';
import type { SimulateOptions } from '../actions/simulate.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { wholeNumber, wholeNumbers, wordOf, wordsOf } from '../cli/values.ts';
import { UsageError } from '../errors.ts';
import { realServerCount, requestCount, simulatedClientCount, thresholdRange, weightRange } from '../model/limits.ts';
import { type Predictable, predictable, schedulerWords } from '../model/schedulers.ts';
import { schedulerFlags } from '../model/words.ts';
import { columns } from '../report/columns.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'simulate',
    'predict which real server comes next, without a machine',
    'lab simulate wrr --weights 3,2,1',
    'lab simulate sed --weights 3,2,1 --hold',
    'lab simulate sh --weights 1,1 --clients 8',
    'lab simulate mh --weights 1,1,1 --flags mh-port',
  )
    .addArgument(new Argument('<SCHEDULER>').argParser(schedulerOf))
    .addOption(
      new Option('--weights <w,w,…>', 'weights of rs1, rs2, …, in the order they are added')
        .argParser(wholeNumbers('--weights', weightRange, realServerCount.most))
        .default([1, 1], '1,1'),
    )
    .option('--requests <n>', 'number of connections', wholeNumber('--requests', requestCount), 12)
    .option('--hold', 'keep connections open; otherwise each closes before the next', false)
    .addOption(
      new Option('--flags <f,f>', `flags of sh and mh: ${schedulerFlags.join(', ')}`)
        .argParser(wordsOf('--flags', schedulerFlags, (word) => `no scheduler has a flag ${word}`))
        .default([], 'none'),
    )
    .option(
      '--clients <n>',
      'number of client addresses, which take turns',
      wholeNumber('--clients', simulatedClientCount),
      1,
    )
    .option(
      '--upper <n>',
      'upper threshold of each real server (ipvsadm -x)',
      wholeNumber('--upper', { ...thresholdRange, least: 1 }),
    )
    .addHelpText('after', schedulersText)
    .action(
      runs(async (globals, scheduler: Predictable, options: SimulateOptions & Flags) => {
        const { simulateScheduler } = await import('../actions/simulate.ts');
        return simulateScheduler(scheduler, options, globals);
      }),
    );
}

/** The schedulers that can be simulated, for the help. */
function schedulersText(): string {
  return `\nSchedulers, and which real server gets the next connection:\n${columns(predictable.map((name) => [name, schedulerWords[name].next]))}`;
}

function schedulerOf(text: string): Predictable {
  if (text === 'twos') {
    throw new UsageError('twos chooses at random and cannot be predicted', { tryThis: 'lab simulate wlc' });
  }
  return wordOf(predictable, (word) => `there is no scheduler ${word}`)(text);
}

import { type Command, Option } from 'commander';
import type { BatchOptions } from '../actions/batch.ts';
import type { Shard } from '../batch/jobs.ts';
import { queues } from '../batch/queues.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { noSetup, provider } from '../cli/options.ts';
import { wholeNumber, wordOf } from '../cli/values.ts';
import { UsageError } from '../errors.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'batch FILE',
    'do many labs, experiments and bugs, as many at once as this computer can; jobs with a verdict are not done again',
    'lab batch matrix.yaml',
    'lab batch matrix.yaml --jobs 4',
    'lab batch matrix.yaml --shard 3/8',
    'lab batch matrix.yaml --on slurm --jobs 32',
    'lab batch matrix.yaml --dry-run',
  )
    .addOption(
      new Option('--jobs <n>', 'number of jobs at once; by default as many as memory and cores allow').argParser(
        wholeNumber('--jobs', { least: 1, most: 1000 }),
      ),
    )
    .addOption(new Option('--shard <part/parts>', 'do one part of the jobs alone, such as 3/8').argParser(shardOf))
    .addOption(
      new Option('--on <queue>', 'let a queue do them: slurm, of a cluster whose nodes share this folder')
        .argParser(wordOf(queues, (word) => `there is no queue ${word}`))
        .conflicts('shard'),
    )
    .addOption(new Option('--results <folder>', 'where results are kept; NAME.results without it'))
    .option('--dry-run', 'print the jobs, and do none of them', false)
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, file: string, options: BatchOptions & Flags) => {
        const { batch } = await import('../actions/batch.ts');
        return batch(file, options, globals);
      }),
    );
}

function shardOf(text: string): Shard {
  const [, part = 0, of = 0] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (part >= 1 && part <= of) return { part, of };
  throw new UsageError(`--shard: ${JSON.stringify(text)} is no part of a whole; something like 3/8`);
}

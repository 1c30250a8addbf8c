import { type Command, Option } from 'commander';
import type { WatchOptions } from '../actions/watch.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { language } from '../cli/options.ts';
import { wholeNumber } from '../cli/values.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'watch NAME',
    'a live page of a running lab, for a browser on this computer',
    'lab watch dr',
    'lab watch dr --read-only --language de',
    'lab watch dr --port 8080 --no-open',
  )
    .addOption(
      new Option('--port <n>', 'port of the page; by default the port of the last time, or any free one').argParser(
        wholeNumber('--port', { least: 1024, most: 65_535 }),
      ),
    )
    .option('--read-only', 'a page without buttons', false)
    .option('--no-open', 'do not open a browser, only print the address')
    .addOption(language())
    .action(
      runs(async (globals, name: string, options: WatchOptions & Flags) => {
        const { watch } = await import('../actions/watch.ts');
        return watch(name, options, globals);
      }),
    );
}

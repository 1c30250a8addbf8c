import { type Command, Option } from 'commander';
import type { BugOptions } from '../actions/bug.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { kernel, module, noSetup, provider } from '../cli/options.ts';
import { wholeNumber } from '../cli/values.ts';
import { UsageError } from '../errors.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'bug ID',
    'look whether a bug is there: exit code 1 if it is, 0 if not, 125 if the lab broke',
    'lab bug udp-removed-server',
    'lab bug udp-removed-server --mended',
    'lab bug udp-removed-server --kernel 6.1',
    'lab bug mine.yaml --calibrate 20',
    'lab bug mine.yaml --export report.md',
    'lab bug report.md',
  )
    .option('--mended', 'with what mends it, which its file names', false)
    .addOption(
      new Option('--rounds <n>', 'do so many rounds, also after a hit, to measure how often it shows').argParser(
        wholeNumber('--rounds', { least: 1, most: 1000 }),
      ),
    )
    .addOption(
      new Option(
        '--calibrate <n>',
        'do so many rounds with the bug and with what mends it, and say how many it takes to know',
      )
        .argParser(wholeNumber('--calibrate', { least: 1, most: 1000 }))
        .conflicts(['rounds', 'mended', 'export']),
    )
    .addOption(
      new Option('--export <file>', 'write a bug report, from which lab bug does the same again').argParser(reportFile),
    )
    .addOption(kernel())
    .addOption(module())
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, id: string, options: BugOptions & Flags) => {
        const { bug } = await import('../actions/bug.ts');
        return bug(id, options, globals);
      }),
    );
}

function reportFile(path: string): string {
  if (/.\.md$/.test(path)) return path;
  throw new UsageError(`--export: ${path} does not end with .md`, { cause: 'a bug report is a text with Markdown' });
}

import { type Command, Option } from 'commander';
import type { ReportOptions } from '../actions/report.ts';
import { command, type Flags, runs } from '../cli/command.ts';
import { language } from '../cli/options.ts';

export function grammar(lab: Command): void {
  command(
    lab,
    'report NAME',
    'show what the last run or verify of a lab found, as a page or in a format for programs',
    'lab report dr > dr.md',
    'lab report dr --html dr.html',
    'lab report dr --html dr.html --language de',
    'lab report dr --junit dr.xml --ktap dr.ktap',
    'lab report dr --against before.json',
  )
    .addOption(new Option('--html <file>', 'write one page that needs no other file, with the lab’s drawing'))
    .addOption(new Option('--markdown <file>', 'write it as Markdown; without any file it is printed'))
    .addOption(new Option('--junit <file>', 'write the checks as JUnit’s XML, for continuous integration'))
    .addOption(new Option('--ktap <file>', 'write the checks as KTAP, the kernel’s format of test results'))
    .addOption(new Option('--against <file>', 'what --json printed of an earlier run: say what differs'))
    .addOption(language())
    .action(
      runs(async (globals, name: string, options: ReportOptions & Flags) => {
        const { report } = await import('../actions/report.ts');
        return report(name, options, globals);
      }),
    );
}

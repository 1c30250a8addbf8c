import { type Command, Option } from 'commander';
import type { GradeClassOptions } from '../actions/class-grade.ts';
import { command, type Flags, group, runs } from '../cli/command.ts';
import { noSetup, provider } from '../cli/options.ts';
import { wholeNumber, wordOf } from '../cli/values.ts';
import { languages } from '../exercise/languages.ts';

export function grammar(lab: Command): void {
  const members = group(lab, 'class', 'for teachers: what a class has handed in');
  command(
    members,
    'grade SUBMISSION...',
    'grade files that learners have handed in, or all in a folder, by running them; exit code 1 if one needs a look',
    'lab class grade handed-in/',
    'lab class grade handed-in/ --course lvs-2027 --roster class.csv',
    'lab class grade handed-in/ --csv grades.csv --xlsx grades.xlsx',
  )
    .addOption(new Option('--course <name>', 'refuse submissions of other courses'))
    .addOption(
      new Option('--roster <file>', 'names of the class, one per line or as CSV, to list who handed in nothing'),
    )
    .addOption(
      new Option('--jobs <count>', 'number of labs at once; by default as many as cores and memory allow').argParser(
        wholeNumber('--jobs', { least: 1, most: 64 }),
      ),
    )
    .addOption(new Option('--csv <file>', 'also write a table for spreadsheets'))
    .addOption(new Option('--xlsx <file>', 'also write a workbook: submissions, and their tasks'))
    .addOption(new Option('--junit <file>', 'also write JUnit’s XML'))
    .addOption(new Option('--result <folder>', 'also write a result.json of Classroom 50 for each submission'))
    .addOption(
      new Option('--language <language>', `${languages.join(' or ')}; by default LAB_LANGUAGE, or en`).argParser(
        wordOf(languages, (word) => `there is no language ${word}`),
      ),
    )
    .addOption(provider())
    .addOption(noSetup())
    .action(
      runs(async (globals, paths: string[], options: GradeClassOptions & Flags) => {
        const { gradeClass } = await import('../actions/class-grade.ts');
        return gradeClass(paths, options, globals);
      }),
    );
}

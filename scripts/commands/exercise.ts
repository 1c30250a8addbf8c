import { type Command, Option } from 'commander';
import type { LanguageOptions, StudentOptions } from '../actions/open-exercise.ts';
import { command, type Flags, group, runs } from '../cli/command.ts';
import { wordOf } from '../cli/values.ts';
import { languages } from '../exercise/languages.ts';

export function grammar(lab: Command): void {
  const exercise = group(lab, 'exercise', 'exercises for learners; each student has a variant of each');
  command(exercise, 'list', 'list the exercises, in the order of the course', 'lab exercise list')
    .addOption(language())
    .action(
      runs(async (globals, options: LanguageOptions & Flags) => {
        const { listAllExercises } = await import('../actions/exercise-list.ts');
        return listAllExercises(options, globals);
      }),
    );
  withStudent(
    command(
      exercise,
      'show ID',
      'print the text and the tasks of a student’s variant',
      'lab exercise show what-is-a-vip',
      "lab exercise show what-is-a-vip --student 'Ada Lovelace' --language de",
    ),
  )
    .addOption(language())
    .action(
      runs(async (globals, id: string, options: StudentOptions & LanguageOptions & Flags) => {
        const { showExercise } = await import('../actions/exercise-show.ts');
        return showExercise(id, options, globals);
      }),
    );
}

function withStudent(one: Command): Command {
  return one
    .addOption(new Option('--student <name>', 'whose variant; LAB_STUDENT, or who is logged in, without it'))
    .addOption(new Option('--course <name>', 'another course has other variants; LAB_COURSE without it'));
}

function language(): Option {
  return new Option('--language <language>', `${languages.join(' or ')}; LAB_LANGUAGE, or en, without it`).argParser(
    wordOf(languages, (word) => `there is no language ${word}`),
  );
}

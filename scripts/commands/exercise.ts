import { type Command, Option } from 'commander';
import type { CheckOptions } from '../actions/exercise-check.ts';
import type { StartOptions } from '../actions/exercise-start.ts';
import type { SubmitOptions } from '../actions/exercise-submit.ts';
import type { LanguageOptions } from '../actions/language.ts';
import type { StudentOptions } from '../actions/open-exercise.ts';
import { command, type Flags, group, runs } from '../cli/command.ts';
import { language, noSetup, provider } from '../cli/options.ts';

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
  forStudent(
    command(
      exercise,
      'show ID',
      'print the text and the tasks of a student’s variant',
      'lab exercise show what-is-a-vip',
      "lab exercise show what-is-a-vip --student 'Ada Lovelace' --language de",
    ),
  ).action(
    runs(async (globals, id: string, options: StudentOptions & LanguageOptions & Flags) => {
      const { showExercise } = await import('../actions/exercise-show.ts');
      return showExercise(id, options, globals);
    }),
  );
  starting(exercise);
  working(exercise);
  submitting(exercise);
}

const withMachines = (one: Command) => forStudent(one).addOption(provider()).addOption(noSetup());

function starting(exercise: Command): void {
  withMachines(
    command(
      exercise,
      'start ID',
      'start the lab of a student’s variant, and print its text; a lab that runs is left as it is',
      'lab exercise start first-service',
    ),
  ).action(
    runs(async (globals, id: string, options: StartOptions & Flags) => {
      const { startExercise } = await import('../actions/exercise-start.ts');
      return startExercise(id, options, globals);
    }),
  );
  withMachines(
    command(
      exercise,
      'reset ID',
      'begin again with new machines; answers, and hints that were taken, stay',
      'lab exercise reset first-service',
    ),
  ).action(
    runs(async (globals, id: string, options: StartOptions & Flags) => {
      const { resetExercise } = await import('../actions/exercise-start.ts');
      return resetExercise(id, options, globals);
    }),
  );
}

function working(exercise: Command): void {
  forStudent(
    command(
      exercise,
      'check ID',
      'say which tasks are right, the points, and the first thing that is not right yet; exit code 1 if there is one',
      'lab exercise check first-service',
      'lab exercise check what-is-a-vip --answer vip=10.1.2.3',
    ),
  )
    .addOption(
      new Option('--answer <task=value>', 'the answer to a task; words have blanks or commas between them')
        .argParser((text: string, before: string[]) => [...before, text])
        .default([], 'the last one'),
    )
    .action(
      runs(async (globals, id: string, options: CheckOptions & Flags) => {
        const { checkExercise } = await import('../actions/exercise-check.ts');
        return checkExercise(id, options, globals);
      }),
    );
  forStudent(
    command(
      exercise,
      'hint ID [TASK]',
      'print the next hint of a task, which costs points; without TASK of the first that is not right',
      'lab exercise hint first-service',
      'lab exercise hint first-service weights',
    ),
  ).action(
    runs(async (globals, id: string, task: string | undefined, options: StudentOptions & LanguageOptions & Flags) => {
      const { hintExercise } = await import('../actions/exercise-hint.ts');
      return hintExercise(id, task, options, globals);
    }),
  );
}

function submitting(exercise: Command): void {
  forStudent(
    command(
      exercise,
      'submit ID',
      'write one sealed file to hand in: answers, hints that were taken, and what was changed on the machines',
      'lab exercise submit first-service',
      'lab exercise submit first-service --to ada.json',
    ),
  )
    .addOption(new Option('--to <file>', 'the file; without it one named by exercise and student'))
    .action(
      runs(async (globals, id: string, options: SubmitOptions & Flags) => {
        const { submitExercise } = await import('../actions/exercise-submit.ts');
        return submitExercise(id, options, globals);
      }),
    );
}

function forStudent(one: Command): Command {
  return one
    .addOption(new Option('--student <name>', 'whose variant; LAB_STUDENT, or who is logged in, without it'))
    .addOption(new Option('--course <name>', 'another course has other variants; LAB_COURSE without it'))
    .addOption(language());
}

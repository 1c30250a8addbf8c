import { ExitCode } from '../errors.ts';
import type { Task } from '../exercise/exercise.ts';
import { nextHint } from '../exercise/points.ts';
import { sentences } from '../exercise/words.ts';
import { readProgress, writeProgress } from '../host/exercise-state.ts';
import { own } from '../own.ts';
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { beside } from '../report/wrap.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { openExercise, requireTask, type StudentOptions, whoBy } from './open-exercise.ts';

/** lab exercise hint ID [TASK]: the next hint of a task, which costs points. */
export async function hintExercise(
  id: string,
  wanted: string | undefined,
  options: StudentOptions & LanguageOptions,
  globals: Globals,
): Promise<number> {
  const language = languageBy(options);
  const { exercise } = await openExercise(id, whoBy(options));
  const { who, tasks } = exercise;
  const progress = await readProgress(id, who);
  // Without a word: the first task that is not right and has a hint left.
  const isOpen = (task: Task) => !progress.right.includes(task.id) && nextHint(task, progress) !== undefined;
  const task = wanted === undefined ? tasks.find(isOpen) : requireTask(exercise, wanted);
  const hint = task && nextHint(task, progress);
  // It counts before it is read.
  if (task && hint) {
    const hints = { ...progress.hints, [task.id]: (own(progress.hints, task.id) ?? 0) + 1 };
    await writeProgress(id, who, { ...progress, hints });
  }
  const { noHint, cost } = sentences[language];
  if (globals.json) {
    printJson({
      schema: 'lvs-lab/exercise-hint/1',
      exercise: id,
      ...who,
      task: task?.id ?? null,
      hint: hint?.text[language] ?? null,
      cost: hint?.cost ?? 0,
    });
  } else if (task && hint) {
    const paint = painter(process.stdout);
    const width = screenWidth(process.stdout);
    const lines = [beside('    ', hint.text[language], width), paint('dim', beside('    ', cost(hint.cost), width))];
    print([`  ${paint('bold', task.id)}`, ...lines].join('\n'));
  } else print(`  ${noHint}`);
  return ExitCode.ok;
}

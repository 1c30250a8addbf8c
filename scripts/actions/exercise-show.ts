import { ExitCode } from '../errors.ts';
import { formOf } from '../exercise/answers.ts';
import type { Language } from '../exercise/languages.ts';
import { allPoints } from '../exercise/points.ts';
import { variantText } from '../exercise/text.ts';
import { formWords, sentences } from '../exercise/words.ts';
import { readExerciseText } from '../host/exercise-files.ts';
import { type Look, print, printJson, screenLook } from '../report/output.ts';
import { beside } from '../report/wrap.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { type OpenedExercise, openExercise, type StudentOptions, whoBy } from './open-exercise.ts';

/** lab exercise show ID: the text of a student's variant, and its tasks. */
export async function showExercise(
  id: string,
  options: StudentOptions & LanguageOptions,
  globals: Globals,
): Promise<number> {
  const language = languageBy(options);
  const opened = await openExercise(id, whoBy(options));
  const text = await textFor(opened, language);
  if (globals.json) printJson(documentOf(opened, text, language));
  else {
    const look = screenLook();
    print(`${text}\n\n${taskText(opened, language, look)}`);
  }
  return ExitCode.ok;
}

/** @throws LabFileError */
export async function textFor({ exercise, folder }: OpenedExercise, language: Language): Promise<string> {
  const { file, text } = await readExerciseText(exercise.id, folder, language);
  return variantText(text, exercise.values, file);
}

function documentOf({ exercise, right }: OpenedExercise, text: string, language: Language) {
  const { id, title, kind, minutes, who, tasks } = exercise;
  return {
    schema: 'lvs-lab/exercise/1',
    exercise: id,
    ...who,
    language,
    title: title[language],
    kind,
    minutes,
    points: allPoints(exercise),
    text,
    tasks: tasks.map((task) => ({
      id: task.id,
      title: task.title[language],
      points: task.points,
      answer: task.kind === 'answered' ? formWords(formOf(task.answer, right[task.id] ?? []), language) : null,
      hints: task.hints.length,
    })),
  };
}

/** The tasks, each with its word, what it is worth, and which kind of answer it wants. */
export function taskText({ exercise, right }: OpenedExercise, language: Language, { paint, width }: Look): string {
  const { tasks, points, wanted, hints } = sentences[language];
  const parts = exercise.tasks.map((task) => {
    const form = task.kind === 'answered' ? formWords(formOf(task.answer, right[task.id] ?? []), language) : undefined;
    return [
      `  ${paint('bold', task.id)}  ${paint('dim', points(task.points))}`,
      beside('    ', task.title[language], width),
      ...(form === undefined ? [] : [beside('    ', wanted(form), width)]),
      ...(task.hints.length === 0 ? [] : [beside('    ', hints(task.hints.map(({ cost }) => cost)), width)]),
    ].join('\n');
  });
  return [paint('bold', `${tasks}, ${points(allPoints(exercise))}`), ...parts].join('\n');
}

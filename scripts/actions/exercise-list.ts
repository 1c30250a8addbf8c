import { ExitCode } from '../errors.ts';
import { type Exercise, exerciseReader } from '../exercise/exercise.ts';
import type { Language } from '../exercise/languages.ts';
import { allPoints } from '../exercise/points.ts';
import { sentences } from '../exercise/words.ts';
import { listExercises, readExerciseFile } from '../host/exercise-files.ts';
import { asTyped } from '../report/as-typed.ts';
import { painter, print, printJson, screenWidth } from '../report/output.ts';
import { wrapLines } from '../report/wrap.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';

/** lab exercise list: every exercise, in the order of the course. */
export async function listAllExercises(options: LanguageOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const all: { exercise: Exercise; file: string }[] = [];
  for (const [id, folder] of await listExercises()) {
    const { file, text } = await readExerciseFile(id, folder);
    // What is listed is the same for all students.
    all.push({ file, exercise: exerciseReader(text, { name: id, file })({ course: '', student: '' }).data });
  }
  all.sort((one, other) => one.exercise.lesson - other.exercise.lesson);
  if (globals.json) {
    const rows = all.map(({ file, exercise }) => {
      const { id, lesson, title, kind, minutes, tasks } = exercise;
      return {
        id,
        lesson,
        title: title[language],
        kind,
        minutes,
        points: allPoints(exercise),
        tasks: tasks.length,
        file,
      };
    });
    printJson({ schema: 'lvs-lab/exercises/1', language, exercises: rows });
  } else
    print(
      textOf(
        all.map(({ exercise }) => exercise),
        language,
      ),
    );
  return ExitCode.ok;
}

function textOf(all: readonly Exercise[], language: Language): string {
  const [first] = all;
  if (!first) return 'there are no exercises';
  const paint = painter(process.stdout);
  const width = screenWidth(process.stdout);
  const { minutes, points, kinds } = sentences[language];
  const parts = all.map((exercise) => {
    const about = `${kinds[exercise.kind]}, ${minutes(exercise.minutes)}, ${points(allPoints(exercise))}`;
    return [
      `  ${paint('bold', exercise.id)}`,
      wrapLines(`    ${exercise.title[language]}`, width),
      wrapLines(paint('dim', `    ${about}`), width),
    ].join('\n');
  });
  return `${parts.join('\n')}\n\n${wrapLines(asTyped(`  lab exercise show ${first.id}`), width)}`;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { languages } from '../../scripts/exercise/languages.ts';
import { placeholdersIn } from '../../scripts/exercise/placeholders.ts';
import { allPoints } from '../../scripts/exercise/points.ts';
import { variantText } from '../../scripts/exercise/text.ts';
import { listExercises, textNames } from '../../scripts/host/exercise-files.ts';
import { sameAs, shareOfEqual, variants, wrongTakenForRight } from './made.ts';

/** How many students are tried; the part `exercises` on machines tries a thousand of each exercise. */
const students = Number(process.env.SEEDS ?? 40);

for (const [id, folder] of await listExercises()) {
  test(`exercise ${id}: each variant has a lab that its steps fit, its own answers, and no wrong answer that is right`, async (t) => {
    const variant = await variants(id, folder);
    const all = Array.from({ length: students }, (_, at) => variant(`student ${at}`));
    for (const one of all) t.deepEqual(wrongTakenForRight(one), [], one.exercise.who.student);
    t.is(new Set(all.slice(0, 30).map(sameAs)).size, 30);
    t.is(sameAs(variant('student 7')), sameAs(all[7] ?? variant('')));
    t.not(sameAs(variant('student 7', 'another course')), sameAs(variant('student 7')));
    // Few students say little of a share of one in a hundred pairs.
    for (const { id: task, kind } of all[0]?.exercise.tasks ?? [])
      if (kind === 'answered') t.true(shareOfEqual(all, task) <= (students < 300 ? 0.05 : 0.01), task);
  });

  test(`exercise ${id}: its texts say the same in each language, and no hint costs more than its task is worth`, async (t) => {
    const { exercise } = (await variants(id, folder))('Ada');
    const texts = await Promise.all(languages.map((one) => readFile(join(folder, textNames[one]), 'utf8')));
    const [first = [], ...others] = texts.map((text) => [...new Set(placeholdersIn(text))].sort());
    for (const other of others) t.deepEqual(other, first);
    const commands = texts.map((text) => text.match(/^ {4}.*$/gm));
    for (const other of commands) t.deepEqual(other, commands[0] ?? null);
    for (const [at, language] of languages.entries()) {
      const text = variantText(texts[at] ?? '', exercise.values, textNames[language]);
      t.true(text.startsWith(`# ${exercise.title[language]}\n`));
      for (const line of text.split('\n')) t.true(line.length <= 80, line);
    }
    for (const { id: task, points, hints } of exercise.tasks)
      t.true(hints.reduce((sum, { cost }) => sum + cost, 0) <= points, task);
    t.is(allPoints(exercise), 10);
  });
}

test('the exercises are lessons one after the other', async (t) => {
  const lessons = await Promise.all(
    [...(await listExercises())].map(async ([id, folder]) => (await variants(id, folder))('Ada').exercise.lesson),
  );
  t.deepEqual(
    [...lessons].sort((a, b) => a - b),
    lessons.map((_, at) => at + 1),
  );
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { filled } from '../../scripts/exercise/placeholders.ts';
import { allPoints } from '../../scripts/exercise/points.ts';
import { answerOf } from '../../scripts/exercise/right.ts';
import { listExercises } from '../../scripts/host/exercise-files.ts';
import { sameAs, shareOfEqual, variants, wrongTakenForRight } from '../exercise/made.ts';
import { testsOf } from '../listed.ts';
import { LabCommand } from './lab.ts';
import { Work } from './work.ts';

const test = testsOf('exercises');

const student = 'Ada';

// ava takes only tests that are declared without a pause between them.
const exercises = await Promise.all(
  [...(await listExercises())].map(async ([id, folder]) => {
    const variant = await variants(id, folder);
    return { id, variant, first: variant(student) };
  }),
);

for (const { id, variant, first } of exercises) {
  test(`exercise ${id}: untouched it has no points, each solved task has its own, and all of them are all points`, async (t) => {
    const work = new Work(await LabCommand.of(t, { lab: id }), first);
    const { exercise } = work.variant;
    await work.begin(t, 'start');
    const untouched = await work.check();
    t.is(untouched.points, 0, JSON.stringify(untouched));
    t.is(untouched.tell?.task, exercise.tasks[0]?.id);
    let points = 0;
    for (const task of exercise.tasks) {
      await work.solve(task);
      const document = await work.check();
      points += task.points;
      // What solves a task may solve the next one as well.
      t.true(document.points >= points, `${task.id}: ${JSON.stringify(document)}`);
      t.true(document.tasks.find(({ id: one }) => one === task.id)?.right, `${task.id}: ${JSON.stringify(document)}`);
      if (task === exercise.tasks[0]) t.true(document.points < allPoints(exercise), 'the first task solves all');
      t.is(document.right, document.points === allPoints(exercise));
    }
  });

  test(`exercise ${id}: each known mistake is told its own hint`, async (t) => {
    const work = new Work(await LabCommand.of(t, { lab: id }), first);
    const { exercise, plan } = work.variant;
    let began = false;
    /** Whether the machines are as the tasks before leave them. */
    let ready = false;
    for (const [at, task] of exercise.tasks.entries()) {
      for (const { answer, way, hint } of task.mistakes) {
        // What is done stays, so each mistake that is made on the machines begins with new ones.
        if (!ready || way) {
          await work.begin(t, began ? 'reset' : 'start');
          for (const before of exercise.tasks.slice(0, at)) await work.solve(before);
          began = true;
        }
        if (answer) work.answer(task, answerOf(answer, plan).join(' '));
        else await work.type(way);
        ready = Boolean(answer);
        const { tell } = await work.check();
        t.deepEqual(tell, { task: task.id, text: hint.en });
      }
      if (ready) await work.solve(task);
    }
    t.true(exercise.tasks.some(({ mistakes }) => mistakes.length > 0));
  });

  if (first.exercise.proof.length > 0) {
    test(`exercise ${id}: the machines say what the kit computes`, async (t) => {
      const lab = await LabCommand.of(t, { lab: 'proof' });
      const { exercise, right } = first;
      const steps = filled(exercise.proof, { ...exercise.values, right }, [], () => 1).value;
      const proof = { title: 'Proof', lab: exercise.lab, change: exercise.variant.change, steps };
      await writeFile(join(lab.folder, 'proof.yaml'), stringify(proof));
      const { code, stdout, stderr } = await lab.run('try', 'proof.yaml');
      t.is(code, 0, stdout + stderr);
    });
  }

  test(`exercise ${id}: a thousand variants have labs that their steps fit, and answers that differ`, async (t) => {
    const all = Array.from({ length: 1000 }, (_, at) => variant(`student ${at}`));
    for (const one of all) t.deepEqual(wrongTakenForRight(one), [], one.exercise.who.student);
    for (let first = 0; first + 30 <= all.length; first += 30)
      t.is(new Set(all.slice(first, first + 30).map(sameAs)).size, 30);
    for (const { id: task, kind } of all[0]?.exercise.tasks ?? [])
      if (kind === 'answered') t.true(shareOfEqual(all, task) <= 0.01, task);
  });
}

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { answersIn, checkText, judgedLooks } from '../../scripts/actions/exercise-check.ts';
import { UsageError } from '../../scripts/errors.ts';
import { exerciseReader, type Task } from '../../scripts/exercise/exercise.ts';
import { judgedAnswer } from '../../scripts/exercise/judge.ts';
import { noProgress } from '../../scripts/exercise/points.ts';
import { submissionName, submissionOf } from '../../scripts/exercise/submission.ts';
import { progressFile, readProgress, writeProgress } from '../../scripts/host/exercise-state.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { standIn } from '../trials/stand-in.ts';

const text = `id: x
title: { en: One, de: Eins }
kind: build
lesson: 1
minutes: 5
draw: { n: 1..1 }
lab: dr
tasks:
  - id: asks
    title: { en: Ask, de: Frag }
    points: 3
    done:
      - send: { count: 2, hold: open }
        tell: { en: No two answers., de: Keine zwei Antworten. }
        see: [{ answers: { answered: true }, count: 2 }]
      - wait: 1
        tell: { en: No weight 7., de: Kein Gewicht 7. }
        see: [{ servers: { weight: 7 } }]
    solve: [{ run: { on: rs1, command: "true" } }]
    mistakes:
      - hint: { en: The weight is 0., de: Das Gewicht ist 0. }
        when: [{ wait: 1, see: [{ servers: { weight: 0 } }] }]
        way: [{ run: { on: rs1, command: "true" } }]
    hints: [{ cost: 1, text: { en: Look, de: Schau } }]
  - id: many
    title: { en: How many, de: Wie viele }
    points: 2
    answer: { is: [3, 4] }
    mistakes:
      - hint: { en: The wrong way round., de: Andersherum. }
        answer: { is: [4, 3] }
`;
const exercise = exerciseReader(text, { name: 'x', file: 'x' })({ course: '', student: 'Ada' }).data;
const [asks, many] = exercise.tasks;
const look = { paint: (_: string, words: string) => words, width: 80 };

type Done = Extract<Task, { kind: 'done' }>;

function judged(answered: number, weight: number) {
  const answers = Array.from({ length: answered }, () => ({ answered: true }));
  const { bench, log } = standIn({
    looks: { servers: [[{ weight }]] },
    done: ({ verb }) => (verb === 'send' ? { answers } : {}),
    patience: 1,
  });
  return judgedLooks(bench, asks as Done).then((judgement) => ({ judgement, log }));
}

test('a task is right when every step sees what it must; else the first that does not tells', async (t) => {
  t.deepEqual((await judged(2, 7)).judgement, { right: true });
  const early = await judged(1, 7);
  t.deepEqual(early.judgement, { right: false, tell: { en: 'No two answers.', de: 'Keine zwei Antworten.' } });
  t.false(early.log.slice(0, early.log.indexOf('undo')).includes('wait'), 'what comes after it is not tried');
  t.deepEqual((await judged(2, 6)).judgement, { right: false, tell: { en: 'No weight 7.', de: 'Kein Gewicht 7.' } });
});

test('a mistake that is seen has its own hint, and what a check holds open is closed', async (t) => {
  const { judgement, log } = await judged(2, 0);
  t.deepEqual(judgement, { right: false, tell: { en: 'The weight is 0.', de: 'Das Gewicht ist 0.' } });
  t.is(log.filter((one) => one === 'undo').length, 2);
  t.is(log.at(-1), 'undo');
});

test('an answer is right, a known mistake, of another length, or only wrong', (t) => {
  if (many?.kind !== 'answered') throw new Error('not answered');
  const say = (given: string[] | undefined) => {
    const judgement = judgedAnswer(many, given, [3, 4], [[4, 3]]);
    return judgement.right ? 'right' : judgement.tell.en;
  };
  t.is(say(['3', '4']), 'right');
  t.is(say(['4', '3']), 'The wrong way round.');
  t.is(say(['3']), 'The answer has more or fewer words than were asked for.');
  t.is(say(['3', '5']), 'The answer is not right.');
  t.is(say(undefined), 'There is no answer yet.');
  t.is(say([]), 'There is no answer yet.');
});

test('answers on the command line are for tasks that have answers', (t) => {
  t.deepEqual(answersIn(exercise, ['many=3, 4', 'many=a=b']), { many: ['a=b'] });
  t.deepEqual(answersIn(exercise, ['many=3, 4']), { many: ['3', '4'] });
  for (const [wrong, message] of [
    ['many', /no = between a task and its answer/],
    ['mnay=3', /no task mnay; did you mean many\?/],
    ['asks=3', /done on the machines/],
  ] as const)
    t.throws(() => answersIn(exercise, [wrong]), { instanceOf: UsageError, message });
});

test('a check tells what is right, the first thing that is not, and the points after hints', (t) => {
  if (!asks || !many) throw new Error('no tasks');
  const wrong = (task: Task, words: string) => ({
    task,
    judgement: { right: false, tell: { en: words, de: words } } as const,
  });
  const right = (task: Task) => ({ task, judgement: { right: true } as const });
  const progress = { ...noProgress, right: ['asks'], hints: { asks: 1 } };
  const missed = wrong(many, 'Not yet.');
  t.is(
    checkText(exercise, { judged: [right(asks), missed], missed, progress }, 'en', look),
    '  ✔ asks  2 points\n  ✘ many\n    Not yet.\n\n  2 of 5 points',
  );
  const both = [wrong(asks, 'A'), wrong(many, 'B')];
  t.is(
    checkText(exercise, { judged: both, missed: both[0], progress: noProgress }, 'de', look),
    '  ✘ asks\n    A\n  ✘ many\n\n  0 von 5 Punkten',
  );
  const all = { ...noProgress, right: ['asks', 'many'] };
  t.is(
    checkText(exercise, { judged: [right(asks), right(many)], missed: undefined, progress: all }, 'en', look),
    '  ✔ asks  3 points\n  ✔ many  2 points\n\n  5 of 5 points  Everything is right.',
  );
});

test.serial(
  'what a student has done is sealed: an edited file counts as none, and nobody sees another’s',
  async (t) => {
    const before = process.cwd();
    const folder = await mkdtemp(join(tmpdir(), 'lab-exercise-'));
    process.chdir(folder);
    t.teardown(async () => {
      process.chdir(before);
      await removeTree(folder);
    });
    const who = { course: 'a/b', student: '../Ada Löwe' };
    const progress = { hints: { asks: 2 }, answers: { many: ['3'] }, right: [] };
    await writeProgress('x', who, progress);
    t.deepEqual(await readProgress('x', who), progress);
    t.deepEqual(await readProgress('x', { ...who, student: 'Bob' }), noProgress);
    const file = progressFile('x', who);
    t.true(file.startsWith(join(process.cwd(), '.lab', '.exercises', 'x')), file);
    await writeFile(file, (await readFile(file, 'utf8')).replace('2', '0'));
    t.deepEqual(await readProgress('x', who), noProgress);
  },
);

test('what is handed in has answers, hints, points and what was changed; its file is named by exercise and student', (t) => {
  const progress = { hints: { asks: 1 }, answers: { many: ['3', '4'] }, right: ['asks', 'many'] };
  const nodes = [{ node: 'rs1', unread: [], differences: [{ section: 'sysctl', key: 'x', before: '0', after: '1' }] }];
  t.deepEqual(submissionOf(exercise, progress, nodes), {
    schema: 'lvs-lab/submission/1',
    exercise: 'x',
    course: '',
    student: 'Ada',
    ...progress,
    points: 4,
    of: 5,
    nodes,
  });
  const named = (student: string) => submissionName({ id: 'x', who: { course: '', student } });
  t.deepEqual(['Ada Löwe', '../../etc', '李'].map(named), ['x-ada-lowe.json', 'x-etc.json', 'x-student.json']);
});

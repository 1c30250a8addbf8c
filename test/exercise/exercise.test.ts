import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { LabFileError } from '../../scripts/errors.ts';
import { isRight, typedAnswer } from '../../scripts/exercise/answers.ts';
import { exerciseReader } from '../../scripts/exercise/exercise.ts';
import { exerciseJsonSchema } from '../../scripts/exercise/json-schema.ts';
import { earnedPoints, nextHint, noProgress } from '../../scripts/exercise/points.ts';
import { variantText } from '../../scripts/exercise/text.ts';
import { projectRoot } from '../../scripts/host/paths.ts';

const whole = `id: x
title: { en: One, de: Eins }
kind: measure
lesson: 1
minutes: 5
draw: { count: 4..4, wrong: [{ fault: vip-missing, at: rs1 }, { fault: vip-missing, at: rs1 }] }
lab: dr
prepare: [{ break: ((wrong)) }]
tasks:
  - id: a
    title: { en: Asks ((count)) times, de: Fragt ((count)) mal }
    points: 3
    done: [{ send: { count: ((count)) }, tell: { en: No, de: Nein }, see: [{ answers: {}, count: ((count)) }] }]
    solve: [{ run: { on: rs1, command: "echo $((count)) ((count))" } }]
    hints: [{ cost: 1, text: { en: Look, de: Schau } }, { cost: 5, text: { en: Do, de: Tu } }]
  - id: b
    title: { en: How many, de: Wie viele }
    points: 2
    answer: { is: ((count)) }
`;
const read = (text: string, name = 'x') =>
  exerciseReader(text, { name, file: 'x.yaml' })({ course: '', student: 'Ada' }).data;

const problemsOf = (from: string, to: string) => {
  t0(whole.includes(from), from);
  const error = thrown(() => read(whole.replace(from, to)));
  return error.problems
    .map(({ line, path, what, fix }) => `${line} ${path}: ${what}${fix ? `; ${fix}` : ''}`)
    .join('\n');
};

function t0(good: boolean, what: string): void {
  if (!good) throw new Error(what);
}

function thrown(work: () => unknown): LabFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof LabFileError) return error;
    throw error;
  }
  throw new Error('nothing is wrong');
}

test('placeholders become what was drawn, with its type; what a shell reckons stays', (t) => {
  const { variant, tasks } = read(whole);
  t.deepEqual(variant.steps[0]?.deed, { verb: 'break', of: { fault: 'vip-missing', at: 'rs1' } });
  const [first] = tasks;
  if (first?.kind !== 'done') throw new Error('not done');
  t.is(first.title.de, 'Fragt 4 mal');
  t.deepEqual(first.done[0]?.step.deed, { verb: 'send', of: { count: 4 } });
  t.is(first.done[0]?.step.expectations[0]?.expectation.count, 4);
  t.deepEqual(first.solve[0]?.deed, { verb: 'run', of: { on: 'rs1', command: 'echo $((count)) 4' } });
});

test('a mistake in an exercise is told with its line', (t) => {
  t.is(problemsOf('id: x', 'id: y'), '1 id: the folder has another name: x; id: x');
  t.is(
    problemsOf('[{ break: ((wrong)) }]', '[{ break: ((wrnog)) }]'),
    '8 prepare[0].break: nothing is drawn as wrnog; did you mean wrong?',
  );
  t.regex(problemsOf('4..4', '4 to 4'), /^6 draw\.count: "4 to 4" is not a range/);
  t.is(problemsOf('4..4', '4..3'), '6 draw.count: 4..3 is empty');
  t.regex(problemsOf('  - id: b', '  - id: a'), /^16 tasks\[1\]\.id: a is the id of another task/);
  t.regex(problemsOf('answer: { is: ((count)) }', 'hints: []'), /neither done nor answered/);
  t.regex(problemsOf('{ is: ((count)) }', '{ within: 3 }'), /an answer without a way to know it/);
  t.regex(
    problemsOf('tell: { en: No, de: Nein }, ', ''),
    /^13 tasks\[0\]\.done\[0\]: .*a step that tells a learner nothing/,
  );
  t.regex(problemsOf('de: Eins', 'dee: Eins'), /^2 title/m);
  t.regex(problemsOf('[{ send: { count: ((count)) }', '[{ reset: rs1'), /^13 tasks\[0\]\.done\[0\]/m);
  t.regex(problemsOf('points: 2', 'point: 2'), /did you mean points\?/);
});

test('an answer is right whatever stands between its words; numbers may be measured', (t) => {
  const right = (text: string, answer: (string | number)[], within?: number) =>
    isRight(typedAnswer(text), answer, within);
  t.true(right('rs2, RS1 rs2', ['rs2', 'rs1', 'rs2']));
  t.false(right('rs2 rs1', ['rs2', 'rs1', 'rs2']));
  t.false(right('rs2 rs1 rs2 rs1', ['rs2', 'rs1', 'rs2']));
  t.true(right(' 10.0.0.1 ', ['10.0.0.1']));
  t.true(right('FD00:0::3', ['fd00::3']));
  t.true(right('12;3.0', [12, 3]));
  t.false(right('twelve', [12]));
  t.true(right('19', [20], 1));
  t.false(right('18.9', [20], 1));
  t.false(right('', []) && right('', ['x']));
});

test('points are those of right tasks, less what their hints cost', (t) => {
  const exercise = read(whole);
  const [first] = exercise.tasks;
  if (!first) throw new Error('no task');
  t.is(earnedPoints(exercise, noProgress), 0);
  t.is(earnedPoints(exercise, { ...noProgress, right: ['b'] }), 2);
  t.is(earnedPoints(exercise, { ...noProgress, right: ['a', 'b'], hints: { a: 1 } }), 4);
  t.is(earnedPoints(exercise, { ...noProgress, right: ['a'], hints: { a: 2 } }), 0);
  t.is(nextHint(first, noProgress)?.text.en, 'Look');
  t.is(nextHint(first, { ...noProgress, hints: { a: 1 } })?.text.en, 'Do');
  t.is(nextHint(first, { ...noProgress, hints: { a: 2 } }), undefined);
});

test('a text has no placeholder for what is not drawn', (t) => {
  t.is(variantText('count ((count))\n', { count: 4 }, 'text.md'), 'count 4');
  const long = 'a word of a text '.repeat(4).trim();
  t.is(
    variantText(`# Head\n${long}\n((count)) ${long}\n\n- one\n  more\n- two\n\n    a    command\n`, { count: 4 }, 'x'),
    `# Head\n${long} 4 a word\nof a text ${long.slice(17)}\n\n- one more\n- two\n\n    a    command`,
  );
  const [problem] = thrown(() => variantText('fine\n((cuont))', { count: 4 }, 'text.md')).problems;
  t.deepEqual([problem?.line, problem?.fix], [2, 'did you mean count?']);
});

test('labs/exercise.schema.json is what the code makes of it; npm run golden writes it', async (t) => {
  t.is(exerciseJsonSchema(), await readFile(join(projectRoot, 'labs/exercise.schema.json'), 'utf8'));
});

import { readFile } from 'node:fs/promises';
import test from 'ava';
import { LabFileError } from '../../scripts/errors.ts';
import { type Bug, readBug, saidOf, whereWords } from '../../scripts/experiment/bug.ts';
import { labText } from '../../scripts/experiment/compose.ts';
import type { Variant } from '../../scripts/experiment/experiment.ts';
import { requireFit } from '../../scripts/experiment/fit.ts';
import { faults } from '../../scripts/faults/index.ts';
import { listBugFiles } from '../../scripts/host/experiment-files.ts';
import { parseLab } from '../../scripts/model/parse.ts';
import type { Source } from '../../scripts/model/reading/source.ts';
import { makePlan } from '../../scripts/plan/make-plan.ts';
import { mapOfLab } from './made.ts';

async function planOf({ id, lab }: Bug, variant: Variant, source: Source) {
  const base = typeof lab === 'string' ? await mapOfLab(lab) : lab;
  const plan = makePlan(parseLab(labText(base, variant), { name: id, file: id }).lab);
  requireFit(variant.steps, plan, faults, id, source);
  return plan;
}

for (const [name, path] of await listBugFiles()) {
  test(`bug ${name}: its steps fit its lab, with the bug and mended, and what mends it differs`, async (t) => {
    const { data, source } = readBug(await readFile(path, 'utf8'), { name, file: path });
    const { mended } = data;
    if (!mended) throw new Error('nothing mends it');
    const plans = [await planOf(data, data.variant, source), await planOf(data, mended, source)];
    t.notDeepEqual([data.variant, plans[0]], [mended, plans[1]]);
    const purposes = data.variant.steps.flatMap(({ expectations }) => expectations.map(({ purpose }) => purpose));
    t.true(purposes.includes('see'), 'a round that went otherwise must not count');
  });
}

const steps =
  'steps: [{ send: {}, wrong: [{ answers: { answered: false } }], right: [{ answers: { answered: true } }] }]';
const whole = `id: x
title: A bug
symptom: Something is wrong.
references: [https://example.org/]
where: { kernel: { from: "6.1", mended: ["6.1.176", "6.12.94"] } }
lab: dr
${steps}
`;

const problemsOf = (text: string, name = 'x') => {
  try {
    readBug(text, { name, file: 'x.yaml' });
    return [];
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    return error.problems.map(({ line, path, what, fix }) => `${line} ${path}: ${what}${fix ? `; ${fix}` : ''}`);
  }
};

test('a bug that could not be told, or has another name than its file, is refused', (t) => {
  t.deepEqual(problemsOf(whole), []);
  t.regex(
    problemsOf(whole.replace(', right: [{ answers: { answered: true } }]', '')).join(),
    /^7 steps: .*without right:/,
  );
  t.regex(problemsOf(whole.replace('wrong: [{ answers: { answered: false } }], ', '')).join(), /without wrong:/);
  t.deepEqual(problemsOf(whole, 'y'), ['1 id: the file has another name: y; id: y']);
  t.regex(problemsOf(whole.replace('"6.1"', '6.1')).join(), /^5 where\.kernel\.from: 6\.1 is not text; from: "6\.1"/);
  t.regex(problemsOf(whole.replace('https://example.org/', 'a mail')).join(), /^4 references\[0\]/);
  t.regex(problemsOf(`${whole}repeat: { hits: 3, of: 2 }\n`).join(), /^8 repeat\.hits: 3 is more than the 2 rounds/);
  t.regex(problemsOf(whole.replace('wrong:', 'wrnog:')).join(), /did you mean wrong\?/);
});

test('what mends it takes the place of kernel, change and prepare; the rounds follow from the measurement', (t) => {
  const text = `${whole}prepare: [{ send: {} }]
change: { title: one }
mended: { prepare: [], change: { title: other } }
repeat: { hits: 10, of: 20 }
`;
  const { data } = readBug(text, { name: 'x', file: 'x.yaml' });
  t.deepEqual([data.variant.steps.length, data.mended?.steps.length], [2, 1]);
  t.deepEqual([data.variant.change, data.mended?.change], [{ title: 'one' }, { title: 'other' }]);
  // Half of the rounds were hits, so a quarter of all may be.
  t.deepEqual(data.repeats, { rounds: 17, hits: 1 });
  t.deepEqual(readBug(whole, { name: 'x', file: 'x.yaml' }).data.repeats, { rounds: 1, hits: 1 });
});

test('a file says of a kernel whether it has the bug', (t) => {
  const { where } = readBug(whole, { name: 'x', file: 'x.yaml' }).data;
  t.deepEqual(
    ['5.10.262', '6.1.175', '6.1.176', '6.12.93', '6.12.94'].map((version) => saidOf(where, version)),
    [false, true, false, true, false],
  );
  t.is(saidOf({ kernel: {} }, '6.1.175'), undefined);
  t.is(saidOf({ program: { name: 'ipvsadm' } }, '6.1.175'), undefined);
});

test('a measurement of the mended side changes how many rounds must hit; one that is too near is refused', (t) => {
  const withRepeat = (repeat: string) => `${whole}repeat: ${repeat}\n`;
  const read = (repeat: string) => readBug(withRepeat(repeat), { name: 'x', file: 'x.yaml' }).data.repeats;
  t.deepEqual(read('{ hits: 10, of: 20, mended: { hits: 0, of: 20 } }'), { rounds: 17, hits: 1 });
  t.true(read('{ hits: 50, of: 50, mended: { hits: 2, of: 50 } }').hits > 1);
  t.regex(
    problemsOf(withRepeat('{ hits: 10, of: 20, mended: { hits: 8, of: 20 } }')).join(),
    /^8 repeat\.mended: .*no number of rounds/,
  );
  t.regex(
    problemsOf(withRepeat('{ hits: 3, of: 4, mended: { hits: 3, of: 2 } }')).join(),
    /^8 repeat\.mended\.hits: 3 is more than the 2 rounds/,
  );
});

test('where a bug is, in words', (t) => {
  const { where } = readBug(whole, { name: 'x', file: 'x.yaml' }).data;
  t.is(whereWords(where), 'kernel from 6.1 on, mended in 6.1.176, 6.12.94');
  t.is(whereWords({ program: { name: 'ipvsadm' } }), 'every ipvsadm');
  t.is(whereWords({ kernel: {} }), 'every kernel');
});

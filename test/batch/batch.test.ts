import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { readBatch } from '../../scripts/batch/batch.ts';
import { jobWords, sameJob, shardOf } from '../../scripts/batch/jobs.ts';
import { largestOf, needsOf, widthOf } from '../../scripts/batch/needs.ts';
import { batchJsonSchema, jobVerbs } from '../../scripts/batch/schema.ts';
import { arrayJob, taskOf } from '../../scripts/batch/slurm.ts';
import { codeOfAll, isVerdict, mayGoOtherwise, verdictOf } from '../../scripts/batch/verdict.ts';
import { ExitCode } from '../../scripts/errors.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { batchMistakeNames, batchMistakes, saidOfBatch } from './mistakes.ts';

const read = (text: string) => readBatch(text, { name: 'x', file: 'x.yaml' });

for (const name of await batchMistakeNames()) {
  test(`${name}: what is wrong, where, and what was meant; npm run golden writes it`, async (t) => {
    t.is(await saidOfBatch(name), await readFile(join(batchMistakes, `${name}.txt`), 'utf8'));
  });
}

test('labs/batch.schema.json is what the code makes of it; npm run golden writes it', async (t) => {
  t.is(batchJsonSchema(), await readFile(join(projectRoot, 'labs/batch.schema.json'), 'utf8'));
});

test('a job for each name, each kernel and each round, round 1 of all first; versions as they are written', (t) => {
  const { title, retries, jobs } = read(
    'title: A matrix\njobs:\n  - bug: [a, b]\n    kernels: [6.10, 6.1]\n    repeat: 2\n  - run: dr\n',
  );
  t.is(title, 'A matrix');
  t.is(retries, 1);
  t.deepEqual(
    jobs.map((job) => jobWords(job, { rounds: true })),
    [
      'bug a, kernel 6.10, round 1',
      'bug a, kernel 6.1, round 1',
      'bug b, kernel 6.10, round 1',
      'bug b, kernel 6.1, round 1',
      'run dr, round 1',
      'bug a, kernel 6.10, round 2',
      'bug a, kernel 6.1, round 2',
      'bug b, kernel 6.10, round 2',
      'bug b, kernel 6.1, round 2',
    ],
  );
});

const someItem = fc.record({
  names: fc.uniqueArray(fc.stringMatching(/^[a-z]{3}$/), { minLength: 1, maxLength: 4 }),
  kernels: fc.uniqueArray(fc.constantFrom('6.1', '6.10', 'sid', '6.12.94'), { maxLength: 4 }),
  repeat: fc.integer({ min: 1, max: 5 }),
});

test('as many jobs as the product of names, kernels and rounds, and no two the same', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...jobVerbs), someItem, (verb, { names, kernels, repeat }) => {
      const of = kernels.length > 0 ? `, kernels: [${kernels.join(', ')}]` : '';
      const { jobs } = read(`title: x\njobs:\n  - { ${verb}: [${names.join(', ')}]${of}, repeat: ${repeat} }\n`);
      t.is(jobs.length, names.length * Math.max(1, kernels.length) * repeat);
      t.is(new Set(jobs.map(sameJob)).size, jobs.length);
    }),
  );
});

test('each job is in one shard, and shards differ by one job at most', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 30 }), (count, of) => {
      const jobs = Array.from({ length: count }, (_, at) => at);
      const shards = Array.from({ length: of }, (_, at) => shardOf(jobs, { part: at + 1, of }));
      t.deepEqual(
        shards.flat().sort((a, b) => a - b),
        jobs,
      );
      const sizes = shards.map(({ length }) => length);
      t.true(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }),
  );
});

test('a task of an array does the jobs that the shard of its number has', (t) => {
  const needs = { memory: 1000, cores: 2, minutes: 14 };
  const of = {
    name: 'n',
    list: 'l',
    needs,
    tries: 2,
    width: undefined,
    command: ['lab', 'batch', 'a b.yaml'],
    output: '/r',
  };
  for (const count of [1, 7, 1000, 1001, 60_000]) {
    const { tasks, options, script } = arrayJob({ ...of, jobs: count });
    t.true(tasks <= 1000);
    const jobs = Array.from({ length: count }, (_, at) => at);
    for (const at of [0, Math.floor(count / 2), count - 1])
      t.true(shardOf(jobs, { part: taskOf(at, tasks), of: tasks }).includes(at));
    t.true(options.includes(`--array=1-${tasks}`));
    t.true(options.includes(`--time=${Math.ceil(count / tasks) * 2 * 14}`));
    t.true(script.includes(`exec lab batch 'a b.yaml' --shard "$SLURM_ARRAY_TASK_ID/${tasks}"`), script);
  }
  t.true(arrayJob({ ...of, jobs: 10, width: 3 }).options.includes('--array=1-10%3'));
});

test('a verdict is exit code 0 or 1; what may go otherwise next time is neither that nor a mistake in a file', (t) => {
  t.is(verdictOf('run', 0), 'passed');
  t.is(verdictOf('try', 1), 'not met');
  t.is(verdictOf('bug', 1), 'reproduced');
  t.is(verdictOf('bug', 125), 'the lab broke');
  for (const code of Object.values(ExitCode)) t.false(isVerdict(code) && mayGoOtherwise(code));
  t.true([4, 5, 6, 7, 125].every(mayGoOtherwise));
  t.false([2, 3, 8, 70].some(mayGoOtherwise));
});

test('the exit code of all: 125 where one found out nothing, else 1 where one ended with 1', (t) => {
  t.is(codeOfAll([0, 0]), 0);
  t.is(codeOfAll([0, 1]), 1);
  t.is(codeOfAll([0, 1, 5]), 125);
});

test('as many at once as memory and cores allow, and one at least', (t) => {
  const plan = (count: number) => ({ nodes: Array(count).fill({}), memory: 512 }) as never;
  const small = needsOf(plan(4), 1);
  t.deepEqual(small, { memory: 2304, cores: 2, minutes: 14 });
  t.is(widthOf(small, { memory: 64_000, cores: 8 }), 4);
  t.is(widthOf(small, { memory: 5000, cores: 64 }), 2);
  t.is(widthOf(small, { memory: 100, cores: 1 }), 1);
  t.deepEqual(largestOf([small, needsOf(plan(66), 20)]), { memory: 66 * 512 + 256, cores: 4, minutes: 10 + 66 * 20 });
});

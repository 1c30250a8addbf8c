import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { performOnSlurm, type Queueing } from '../../scripts/actions/queue-jobs.ts';
import { listOf, requireList } from '../../scripts/batch/list.ts';
import { MissingPartError, ProviderError, UsageError } from '../../scripts/errors.ts';
import { placeOfJob, writeResult } from '../../scripts/host/batch-results.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { standIn } from '../stand-in.ts';
import { jobOf, made } from './made.ts';

const jobs = ['one', 'two'].map((name) => jobOf(name));
const quiet = () => {};

async function queueing(): Promise<Queueing & { folder: string }> {
  const { folder, results, retries } = await made();
  return { folder, results, retries, command: ['kit'], width: undefined, pace: { lookMs: 5, sharedMs: 50 } };
}

const result = (code: number) => ({ code, tries: 1, seconds: 1, host: 'elsewhere', document: null, tail: null });

test.serial('a computer without Slurm says so before anything is written', async (t) => {
  const how = await queueing();
  const path = process.env.PATH;
  process.env.PATH = how.folder;
  try {
    const { message } = await t.throwsAsync(performOnSlurm(jobs, how, quiet), { instanceOf: MissingPartError });
    t.is(message, 'sbatch is not installed');
  } finally {
    process.env.PATH = path;
  }
});

test.serial('what sbatch refuses is told as it says it', async (t) => {
  const how = await queueing();
  await standIn('squeue', 'exit 0');
  await standIn('scancel', 'exit 0');
  await standIn('sbatch', 'echo "sbatch: error: no such partition" >&2; exit 1');
  const { facts } = await t.throwsAsync<ProviderError>(performOnSlurm(jobs, how, quiet), { instanceOf: ProviderError });
  t.is(facts.tail, 'sbatch: error: no such partition');
});

test.serial('a job whose task ended without a result broke, and says what its task said last', async (t) => {
  const how = await queueing();
  await writeResult(placeOfJob(how.results, 'run-one'), result(1));
  await writeResult(placeOfJob(how.results, 'run-two'), result(125)); // broke before, so it counts no more
  const log = join(how.folder, 'sbatch');
  await standIn(
    'sbatch',
    `echo "$*" >>${log}; cat >>${log}; echo "slurmstepd: killed" >${how.results}/slurm/2.txt; echo 42`,
  );
  const ended = await performOnSlurm(jobs, how, quiet);
  t.deepEqual(
    ended.map(({ result: { code, tries, tail } }) => [code, tries, tail]),
    [
      [1, 1, null],
      [125, 0, 'slurmstepd: killed'],
    ],
  );
  t.regex(await readFile(log, 'utf8'), /--array=1-2 .*exec kit --shard "\$SLURM_ARRAY_TASK_ID\/2"/s);
  await removeTree(how.folder);
});

test.serial('an array that is in the queue is not submitted again, whatever was known of it', async (t) => {
  const how = await queueing();
  await standIn('sbatch', 'exit 1');
  await standIn('squeue', 'echo 42');
  const said: string[] = [];
  const all = performOnSlurm(jobs, how, (event) => {
    if (event.type !== 'note') return;
    if (said.push(event.text) > 1) return;
    for (const { id } of jobs) void writeResult(placeOfJob(how.results, id), result(0));
  });
  t.deepEqual(
    (await all).map(({ result: { code } }) => code),
    [0, 0],
  );
  t.is(said[0], 'Slurm has these jobs already: array 42');
  await removeTree(how.folder);
});

/** A queue in a file, with a line `NUMBER NAME` for each array. It is empty from the third look on. */
async function slurmWith(how: { folder: string; results: string }): Promise<{ log: string; queue: string }> {
  const [log, queue] = [join(how.folder, 'sbatch'), join(how.folder, 'queue')];
  await standIn(
    'squeue',
    `echo >>${queue}.looks
[ $(wc -l <${queue}.looks) -lt 3 ] && [ -e ${queue} ] || exit 0
for word; do case $word in --name=*) name=\${word#--name=} ;; esac; done
while read -r number own; do
  if [ -z "$name" ]; then echo "$number $own"; elif [ "$name" = "$own" ]; then echo "$number"; fi
done <${queue}
`,
  );
  await standIn('scancel', 'exit 0');
  await standIn('sbatch', `echo "$*" >>${log}; cat >>${log}; echo 43`);
  return { log, queue };
}

const nameIn = (text: string) => /--job-name=(\S+)/.exec(text)?.[1] ?? '';

test.serial('an array of another list of jobs is not taken for that of this one', async (t) => {
  const how = await queueing();
  const { log, queue } = await slurmWith(how);
  await performOnSlurm(jobs, how, quiet);
  const first = nameIn(await readFile(log, 'utf8'));
  // The array waits in the queue, and somebody edits the file of the batch.
  await writeFile(queue, `42 ${first}\n`);
  const edited = ['two', 'three'].map((name) => jobOf(name));
  const said: string[] = [];
  await writeFile(`${queue}.looks`, '');
  const error = await t.throwsAsync<ProviderError>(
    performOnSlurm(edited, how, (event) => said.push('text' in event ? `${event.text}` : '')),
    { instanceOf: ProviderError, message: /^Slurm still has array 42 of another list of jobs/ },
  );
  t.regex(error?.facts.tryThis ?? '', /^scancel 42/);
  t.false(said.some((text) => text.includes('has these jobs already')));
  // Without it these jobs are submitted under a name of their own, and the list of before keeps its own.
  await writeFile(queue, '');
  await writeFile(log, '');
  await performOnSlurm(edited, how, quiet);
  t.not(nameIn(await readFile(log, 'utf8')), first);
  await writeFile(log, '');
  await performOnSlurm(jobs, how, quiet);
  t.is(nameIn(await readFile(log, 'utf8')), first);
  await removeTree(how.folder);
});

test.serial('a task is told which list of jobs it is a part of, and does no part of another one', async (t) => {
  const how = await queueing();
  const { log } = await slurmWith(how);
  await performOnSlurm(jobs, how, quiet);
  const [, list] = /^export LAB_BATCH_LIST=(\w+)$/m.exec(await readFile(log, 'utf8')) ?? [];
  t.is(list, listOf(jobs));
  t.notThrows(() => requireList(jobs, list));
  t.notThrows(() => requireList(jobs, undefined));
  for (const other of [[...jobs].reverse(), jobs.slice(1), [...jobs, jobOf('three')]])
    t.throws(() => requireList(other, list), { instanceOf: UsageError, message: /edited/ });
  await removeTree(how.folder);
});

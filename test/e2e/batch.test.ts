import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { placeOfJob } from '../../scripts/host/batch-results.ts';
import { run } from '../../scripts/host/exec.ts';
import { exists } from '../../scripts/host/files.ts';
import { placeOf, projectRoot } from '../../scripts/host/paths.ts';
import { findProcesses } from '../../scripts/host/processes.ts';
import { isRoot } from '../../scripts/host/user.ts';
import { waitFor } from '../../scripts/host/wait.ts';
import { endsWith, logged, type Made, madeIn } from '../batch/made.ts';
import { Cluster, slurmTools } from '../batch/slurm/cluster.ts';
import { testsOf } from '../listed.ts';
import { ensureTools } from '../tools.ts';
import { LabCommand } from './lab.ts';

const test = testsOf('batch');

interface BatchDocument {
  ok: boolean;
  jobs: { id: string; what: string; verdict: string; host: string }[];
}

/** Calls `look` until it is true. */
function until(what: string, look: () => Promise<boolean>): Promise<true> {
  return waitFor(async () => (await look()) || undefined, { what, deadlineMs: 120_000, everyMs: 100 });
}

test('a batch that is killed in the middle goes on: what has a verdict stays, and no machine is left', async (t) => {
  const lab = await LabCommand.of(t);
  await writeFile(join(lab.folder, 'labs.yaml'), 'title: Two labs\njobs:\n  - run: [dr, nat]\n');
  const { jobs } = (await lab.json<BatchDocument>('batch', 'labs.yaml', '--dry-run')).document;
  const places = jobs.map(({ id }) => placeOfJob(join(lab.folder, 'labs.results'), id));
  const machinesOf = async (at: number) => findProcesses(`/${placeOf(jobs[at]?.what ?? '', places[at]?.work).id}/`);
  t.teardown(async () => {
    for (const { work } of places) if (await exists(work)) await (await LabCommand.in(work)).end();
  });
  const { child, ended } = lab.begin('batch', 'labs.yaml', '--jobs', '1');
  await until('machines of the second lab', async () => (await machinesOf(1)).length > 0);
  child.kill('SIGKILL');
  await ended;
  const first = await stat(places[0]?.result ?? '');
  const { code, document, stderr } = await lab.json<BatchDocument>('batch', 'labs.yaml');
  t.is(code, 0, stderr);
  t.true(document.ok);
  t.deepEqual(
    document.jobs.map(({ what, verdict }) => [what, verdict]),
    [
      ['dr', 'passed'],
      ['nat', 'passed'],
    ],
  );
  t.is((await stat(places[0]?.result ?? '')).mtimeMs, first.mtimeMs, 'what has a verdict is not done again');
  for (const at of [0, 1]) {
    t.deepEqual(await machinesOf(at), []);
    t.false(await exists(places[at]?.work ?? ''));
  }
});

// Namespaces and a Slurm of its own take root.
const asRoot = isRoot() ? test : test.skip;
let cluster: Cluster | undefined;

/** One for all tests that need it: the core has none of them. */
async function theCluster(): Promise<Cluster> {
  await ensureTools(slurmTools);
  cluster ??= await Cluster.start();
  return cluster;
}

test.after(() => cluster?.end());

/** Jobs without machines, in a folder that the nodes share. */
class OnSlurm {
  readonly how: Made;
  readonly #cluster: Cluster;
  readonly #names: readonly string[];

  private constructor(of: Cluster, folder: string, names: readonly string[]) {
    this.#cluster = of;
    this.#names = names;
    this.how = madeIn(folder);
  }

  static async of(names: readonly string[]): Promise<OnSlurm> {
    const of = await theCluster();
    return new OnSlurm(of, await mkdtemp(join(of.folder, 'jobs-')), names);
  }

  /** Begins to do them, as `lab batch --on slurm` does. */
  async begin(): Promise<{
    child: ChildProcess;
    ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  }> {
    const script = join(projectRoot, 'test/batch/slurm/submit.ts');
    const words = [process.execPath, '--import=tsx', script, this.how.folder, this.#names.join(',')];
    const [program = '', ...others] = [...(await this.#cluster.inside()), ...words];
    const child = spawn(program, others, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (part: Buffer) => {
        said[name] += part;
      });
    return { child, ended: once(child, 'exit').then(([code]) => ({ code, ...said })) };
  }

  /** The node of each job that has begun. */
  async placed(): Promise<Map<string, string>> {
    const words = (await this.lines()).map((line) => line.split(' '));
    return new Map(words.flatMap(([, name = '', on, node = '']) => (on === 'on' ? [[name, node]] : [])));
  }

  /** How often each job has begun. */
  async begun(): Promise<Record<string, number>> {
    const lines = await this.lines();
    return Object.fromEntries(names.map((name) => [name, lines.filter((line) => line === `run ${name} begun`).length]));
  }

  lines(): Promise<string[]> {
    return logged(this.how);
  }

  /** Lets the jobs end that wait. */
  go(): Promise<void> {
    return writeFile(`${this.how.log}.go`, '');
  }

  async queue(): Promise<string> {
    const [program = '', ...words] = [...(await this.#cluster.inside()), 'squeue', '--noheader'];
    return (await run(program, words)).stdout;
  }

  /** Stops the script that waits for Slurm: nsenter passes no signal on. */
  async signal(name: NodeJS.Signals): Promise<void> {
    const found = await findProcesses(this.how.folder, ['node']);
    const [script] = found.filter(({ argv }) => argv.some((word) => word.endsWith('submit.ts')));
    if (!script) throw new Error('nobody waits for Slurm');
    process.kill(script.pid, name);
  }
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Six jobs that wait, of which four run: each node has two cores. */
async function waitingJobs(t: ExecutionContext): Promise<OnSlurm> {
  const jobs = await OnSlurm.of(names);
  for (const name of names) await endsWith(jobs.how, name, 'wait', 'wait');
  t.teardown(() => jobs.go());
  return jobs;
}

asRoot('Slurm: Ctrl-C ends the tasks, the commands of their jobs, and the labs', async (t) => {
  const jobs = await waitingJobs(t);
  const { ended } = await jobs.begin();
  await until('four jobs on the nodes', async () => (await jobs.placed()).size === 4);
  await jobs.signal('SIGINT');
  const { code, stderr } = await ended;
  t.is(code, 130, stderr);
  t.is(await jobs.queue(), '');
  const said = await jobs.lines();
  for (const name of (await jobs.placed()).keys()) {
    t.true(said.includes(`run ${name} told`), name);
    t.true(said.includes(`down ${name} ended`), name);
  }
});

asRoot('Slurm: a command that is killed leaves the array in the queue, and the next one goes on with it', async (t) => {
  const jobs = await waitingJobs(t);
  const first = await jobs.begin();
  await until('four jobs on the nodes', async () => (await jobs.placed()).size === 4);
  await jobs.signal('SIGKILL');
  await first.ended;
  const { ended } = await jobs.begin();
  await jobs.go();
  const { code, stdout, stderr } = await ended;
  t.is(code, 0, stderr);
  t.regex(stderr, /Slurm has these jobs already: array \d+/);
  t.deepEqual(
    endings(stdout),
    names.map((what) => ({ what, code: 0, tries: 1 })),
  );
  t.deepEqual(await jobs.begun(), Object.fromEntries(names.map((name) => [name, 1])));
});

asRoot('Slurm: a node dies, and its jobs run on the other one; no result is lost or doubled', async (t) => {
  const jobs = await waitingJobs(t);
  const { ended } = await jobs.begin();
  await until('four jobs on the nodes', async () => (await jobs.placed()).size === 4);
  const placed = await jobs.placed();
  t.deepEqual([...placed.values()].sort(), ['n1', 'n1', 'n2', 'n2']);
  await cluster?.kill('n1');
  await until('end of the jobs of n1', async () => (await findProcesses(jobs.how.log, ['sh'])).length === 2);
  await jobs.go();
  const { code, stdout, stderr } = await ended;
  t.is(code, 0, stderr);
  t.deepEqual(
    endings(stdout),
    names.map((what) => ({ what, code: 0, tries: 1 })),
  );
  t.deepEqual([...new Set(JSON.parse(stdout).map(({ host }: { host: string }) => host))], ['n2']);
  const twice = names.map((name) => [name, placed.get(name) === 'n1' ? 2 : 1]);
  t.deepEqual(await jobs.begun(), Object.fromEntries(twice), 'only what was cut off is done again');
});

/** How jobs ended, without where. */
function endings(stdout: string): { what: string; code: number; tries: number }[] {
  const rows: { what: string; code: number; tries: number }[] = JSON.parse(stdout);
  return rows.map(({ what, code, tries }) => ({ what, code, tries }));
}

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { noProgress } from '../../scripts/exercise/points.ts';
import { submissionOf } from '../../scripts/exercise/submission.ts';
import { run } from '../../scripts/host/exec.ts';
import { exerciseFolder } from '../../scripts/host/exercise-files.ts';
import { removeTree } from '../../scripts/host/files.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { writeState } from '../../scripts/host/state-file.ts';
import { variants } from '../exercise/made.ts';
import { notTold, sectionOf } from './json-fields.ts';

/** Commands that need no machine. */
const commands: [schema: string, ...words: string[]][] = [
  ['error', 'render', 'nothing'],
  ['list', 'list'],
  ['bugs', 'bugs'],
  ['exercises', 'exercise', 'list'],
  ['exercise', 'exercise', 'show', 'what-is-a-vip', '--student', 'Ada'],
  ['exercise-check', 'exercise', 'check', 'next-server', '--student', 'Ada'],
  ['exercise-hint', 'exercise', 'hint', 'next-server', '--student', 'Ada'],
  ['exercise-submit', 'exercise', 'submit', 'next-server', '--student', 'Ada'],
  ['batch-jobs', 'batch', 'jobs.yaml', '--dry-run'],
  ['class-grade', 'class', 'grade', 'handed-in.json', 'rules.txt'],
  ['simulate', 'simulate', 'wrr', '--weights', '2,1'],
  ['compared-schedulers', 'compare', '--schedulers', 'mh', '--servers', '2', '--connections', '1000'],
  ['render', 'render', 'dr'],
  ['import', 'import', 'rules.txt'],
  ['down', 'down', '--all', '--dry-run'],
  ['status', 'status'],
  ['image-list', 'image', 'list'],
];

const folder = await mkdtemp(join(tmpdir(), 'lab-json-'));
await writeFile(join(folder, 'rules.txt'), '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1\n');
await writeFile(join(folder, 'jobs.yaml'), 'title: Jobs\njobs:\n  - { run: dr, kernels: [6.1] }\n');
const { exercise } = (await variants('next-server', await exerciseFolder('next-server')))('Ada');
await writeState(join(folder, 'handed-in.json'), submissionOf(exercise, noProgress, []));
test.after.always(() => removeTree(folder));

for (const [schema, ...words] of commands) {
  test(`what lab ${words.join(' ')} --json prints has the fields that docs/json.md tells of`, async (t) => {
    const args = [join(projectRoot, 'bin/lab.js'), ...words, '--json'];
    const env = { XDG_CACHE_HOME: join(folder, 'cache'), XDG_RUNTIME_DIR: '' };
    const { stdout } = await run(process.execPath, args, { cwd: folder, env, anyExitCode: true });
    t.deepEqual(notTold(await sectionOf(`lvs-lab/${schema}/`), JSON.parse(stdout)), []);
  });
}

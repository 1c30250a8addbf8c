import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { Submission, SubmittedNode } from '../../scripts/exercise/submission.ts';
import { acceptable } from '../../scripts/grading/handing-in.ts';
import { run } from '../../scripts/host/exec.ts';
import { exists, removeTree } from '../../scripts/host/files.ts';
import { largestGivenFile } from '../../scripts/host/given-file.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { writeState } from '../../scripts/host/state-file.ts';
import { readSubmission } from '../../scripts/host/submission-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'lab-submit-'));
test.after.always(() => removeTree(folder));

const submissionWith = (...nodes: SubmittedNode[]): Submission => ({
  schema: 'lvs-lab/submission/1',
  exercise: 'first-service',
  course: '',
  student: 'Ada',
  hints: {},
  answers: {},
  right: [],
  points: 0,
  of: 10,
  nodes,
});

type Difference = SubmittedNode['differences'][number];

const node = (differences: Difference[], unread: string[] = []): SubmittedNode => ({
  node: 'rs1',
  unread,
  differences,
});
const file = (key: string, after: string): Difference => ({ section: 'file', key, after });

/** What is accepted of a submission, having been written and read like one that is handed in. */
async function handedIn(submission: Submission): Promise<{ read: Submission; left: string[] }> {
  const found = acceptable(submission, largestGivenFile);
  if ('wrong' in found) throw new Error(found.wrong);
  const path = join(folder, 'x.json');
  await writeState(path, found.submission);
  const read = await readSubmission(path);
  if ('refused' in read) throw new Error(`${read.refused} (${(await stat(path)).size} bytes)`);
  return { read: read.submission, left: found.left };
}

test.serial('whatever machines have, what is handed in is accepted', async (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '\0',
      '\u001b[2J',
      'a\nb\tc',
      'x'.repeat(250_000),
      '\u0001'.repeat(150_000),
      '{"é"}\\'.repeat(20_000),
    ),
  );
  const difference = fc.record({ section: fc.constantFrom('file', 'nft'), key: text, after: text });
  const machine = fc.record({
    node: fc.constantFrom('rs1', 'rs2'),
    unread: fc.array(text, { maxLength: 3 }),
    differences: fc.array(difference, { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(machine, { maxLength: 4 }), async (nodes) => {
      const { read, left } = await handedIn(submissionWith(...nodes));
      t.is(read.nodes.length, nodes.length);
      for (const [at, { differences }] of nodes.entries()) {
        const kept = read.nodes[at]?.differences ?? [];
        for (const one of kept) t.true(differences.some((it) => JSON.stringify(it) === JSON.stringify(one)));
        if (left.length === 0) t.is(kept.length, differences.length);
      }
    }),
    { numRuns: 40 },
  );
});

test.serial('what cannot be handed in is left out, and told with its reason, also to whoever grades', async (t) => {
  const good = file('/etc/hosts', '127.0.0.1 localhost');
  const { read, left } = await handedIn(
    submissionWith(
      node(
        [
          file('/etc/squid/squid.conf', 'x'.repeat(200_001)),
          good,
          file('/etc/keepalived/a\u001b[2J', 'a'),
          file('/etc/keepalived/state', 'a\0b'),
        ],
        ['on rs1, nft could not be read: there is no nft'],
      ),
    ),
  );
  t.deepEqual(read.nodes[0]?.differences, [good]);
  t.deepEqual(left, [
    'on rs1, 1 thing is left out, because it is longer than 200000 characters: file /etc/squid/squid.conf',
    'on rs1, 1 thing is left out, because its name has a character that cannot be printed: file /etc/keepalived/a?[2J',
    'on rs1, 1 thing is left out, because it has a NUL byte: file /etc/keepalived/state',
  ]);
  t.deepEqual(read.nodes[0]?.unread, ['on rs1, nft could not be read: there is no nft', ...left]);
});

test.serial(
  'of more than a file to hand in can hold, the longest is left out, and so is what are too many',
  async (t) => {
    const many = Array.from({ length: 9 }, (_, at) => file(`/etc/keepalived/${at}`, `${at}`.repeat(190_000)));
    const large = await handedIn(submissionWith(node([...many, file('/etc/hosts', 'a')])));
    t.true(large.read.nodes[0]?.differences.some(({ key }) => key === '/etc/hosts'));
    t.true((large.read.nodes[0]?.differences.length ?? 0) >= 4);
    t.regex(
      large.left.join(),
      /^on rs1, \d things are left out, because the file to hand in would be larger than 1 MiB: file \S+, file \S+, file \S+, …$/,
    );
    const rules = Array.from(
      { length: 5003 },
      (_, at): Difference => ({ section: 'rule', key: `priority ${at}`, after: '' }),
    );
    const small = rules.slice(0, 5000).map((one) => ({ ...one, after: 'x'.repeat(200) }));
    const fits = await handedIn(submissionWith(node(small)));
    t.true((fits.read.nodes[0]?.differences.length ?? 0) > 3000, 'no more than needed is left out');
    const { read, left } = await handedIn(submissionWith(node(rules)));
    t.is(read.nodes[0]?.differences.length, 5000);
    t.deepEqual(left, [
      'on rs1, 3 things are left out, because only 5000 of a machine can be handed in: rule priority 5000, rule priority 5001, rule priority 5002',
    ]);
  },
);

test.serial('an answer that nobody would accept is told before a file is written', async (t) => {
  const lab = (...words: string[]) =>
    run(process.execPath, [join(projectRoot, 'bin/lab.js'), 'exercise', ...words], {
      cwd: folder,
      env: { XDG_CACHE_HOME: join(folder, 'cache'), XDG_RUNTIME_DIR: '', LAB_STUDENT: 'Ada' },
      anyExitCode: true,
    });
  const shown = JSON.parse((await lab('show', 'next-server', '--json')).stdout) as { tasks: { id: string }[] };
  const task = shown.tasks[0]?.id ?? '';
  await lab('check', 'next-server', '--answer', `${task}=${'x'.repeat(2000)}`);
  const { code, stderr } = await lab('submit', 'next-server', '--to', 'long.json');
  t.is(code, 2, stderr);
  t.regex(stderr, new RegExp(`the answer to task ${task} cannot be handed in`));
  t.regex(stderr, new RegExp(`lab exercise check next-server --answer ${task}=`));
  t.false(await exists(join(folder, 'long.json')));
  await lab('check', 'next-server', '--answer', `${task}=rs1`);
  t.is((await lab('submit', 'next-server', '--to', 'good.json')).code, 0);
  t.true('submission' in (await readSubmission(join(folder, 'good.json'))));
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readBug } from '../../scripts/experiment/bug.ts';
import { bugReport, fileInReport, portableFile, type Reported } from '../../scripts/experiment/bug-report.ts';
import type { LabMap } from '../../scripts/experiment/experiment.ts';
import type { Trial } from '../../scripts/experiment/trial.ts';
import { readBugFile } from '../../scripts/host/experiment-files.ts';

const text = `id: mine
title: A bug
symptom: "Something is \`wrong\`."
references: [https://example.org/]
where: { kernel: {} }
lab: dr
kernel: "6.1"
steps:
  - send: {}
    wrong: [{ answers: { answered: false } }]
    right: [{ answers: { answered: true } }]
`;
const lab = { mode: 'dr', networks: { front: '192.168.1.0/24' }, real_servers: 2, service: { vip: '192.168.1.3' } };
const { data: bug, source } = readBug(text, { name: 'mine', file: 'mine.yaml' });
const file = portableFile(source.value as LabMap, lab, { all: '6.1.0-53-cloud-amd64', nodes: { client: '7.2' } });

const seen = (purpose: 'see' | 'wrong' | 'right', met: boolean) => ({
  purpose,
  met,
  kind: 'answers' as const,
  expected: 'one answer',
  seen: 'no answer',
  rows: [],
});
const shown: Trial = {
  steps: [
    { title: 'before #1', deed: '1 request', seconds: 1, expectations: [seen('see', true)] },
    { title: '1 request', deed: '1 request', seconds: 1, expectations: [seen('wrong', true), seen('right', false)] },
  ],
  complaints: [{ node: 'director', lines: ['Oops: 0000 [#1]', 'Call Trace:'] }],
  kernels: ['director', 'rs1'].map((node) => ({ node, name: '6.1.0-53-cloud-amd64', version: '6.1.187' })),
  consoles: [
    { node: 'director', lines: ['```', 'the last line'] },
    { node: 'rs1', lines: [] },
  ],
  seconds: 2,
};
const reported: Reported = {
  bug,
  file,
  mended: false,
  verdict: 'reproduced',
  rounds: [{ round: 'hit', trial: shown }],
  shown,
  packages: new Map([['6.1.0-53-cloud-amd64', [{ name: 'linux-image-6.1.0-53-cloud-amd64', sha256: 'abc' }]]]),
  made: { version: '1.0.0', provider: 'qemu', at: '2026-11-30' },
};
const report = bugReport(reported, 'report.md');

test('a report has the bug’s file with its lab and the kernels that were chosen, and reads as the same bug', (t) => {
  const inside = fileInReport(report);
  if (inside === undefined) return t.fail();
  const again = readBug(inside, { name: 'mine', file: 'report.md' }).data;
  t.deepEqual(again.lab, lab);
  t.is(again.variant.kernel, '6.1.0-53-cloud-amd64');
  t.deepEqual(again.variant.change, { kernels: { client: '7.2' } });
  t.deepEqual(
    again.variant.steps.map(({ deed, expectations }) => ({ deed, expectations })),
    bug.variant.steps.map(({ deed, expectations }) => ({ deed, expectations })),
  );
  t.deepEqual([again.id, again.title, again.symptom, again.where], [bug.id, bug.title, bug.symptom, bug.where]);
});

test('mistakes of a file in a report are told with the lines of the report', (t) => {
  const line = report.split('\n').findIndex((one) => one.startsWith('where:')) + 1;
  const wrong = report.replace('where:', 'wehre:');
  const error = t.throws(() => readBug(fileInReport(wrong) ?? '', { name: 'mine', file: 'report.md' })) as {
    problems?: { line: number; path: string }[];
  };
  t.true(error.problems?.some((problem) => problem.line === line));
});

test('a report names kernels with their hashes, what was seen, what kernels said, and how to do it again', (t) => {
  t.regex(report, /^# A bug\n\nSomething is `wrong`\.\n\n\*\*reproduced\*\*: 1 of 1 rounds hit\./);
  t.regex(
    report,
    /- director, rs1: `6\.1\.0-53-cloud-amd64`, which is 6\.1\.187\n {2}- `linux-image-\S+`, SHA-256 `abc`/,
  );
  t.regex(report, /✔ with the bug: one answer\n {3}- ✘ without it: one answer; seen: no answer/);
  t.regex(report, /The kernel of director complained:\n\n {4}Oops: 0000 \[#1\]\n {4}Call Trace:/);
  t.regex(report, /The last lines of director:\n\n {4}```\n {4}the last line/);
  t.false(report.includes('last lines of rs1'));
  t.regex(report, /\n {4}npx lab bug report\.md\n/);
});

test('the results are KTAP: a step fails where the bug was seen', (t) => {
  const [, ktap] = /```text\n([\s\S]*?)\n```/.exec(report) ?? [];
  t.deepEqual(ktap?.split('\n'), [
    'KTAP version 1',
    '1..1',
    '    KTAP version 1',
    '    1..2',
    '    ok 1 before ＃1',
    '    not ok 2 1 request',
    '    # director: Oops: 0000 [＃1]',
    'not ok 1 mine',
  ]);
  const other = (verdict: Reported['verdict']) => bugReport({ ...reported, verdict, mended: true }, 'r.md');
  t.regex(other('not reproduced'), /\nok 1 mine\n/);
  t.regex(other('the lab broke'), /\nok 1 mine # SKIP the lab broke\n/);
  t.regex(other('not reproduced'), /npx lab bug r\.md --mended/);
});

test('a text that is no report has no file', (t) => {
  t.is(fileInReport('# Something\n\n```yaml\nid: x\n'), undefined);
  t.is(fileInReport(''), undefined);
});

test('a report is named like any other file, with or without its folder', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'lab-report-'));
  await writeFile(join(folder, 'found.md'), report);
  const read = await readBugFile(join(folder, 'found.md'));
  t.is(read.name, 'mine');
  t.is(readBug(read.text, read).data.title, 'A bug');
  await t.throwsAsync(readBugFile('no-such-report.md'), { message: /no-such-report\.md/ });
  await rm(folder, { recursive: true });
});

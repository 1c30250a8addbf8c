import test from 'ava';
import { languages } from '../../scripts/exercise/languages.ts';
import { pageStyle, styleHash } from '../../scripts/host/page-files.ts';
import { differenceOf, isSame } from '../../scripts/page/difference.ts';
import type { LabReport } from '../../scripts/page/lab-report.ts';
import { reportMarkdown } from '../../scripts/page/markdown.ts';
import { reportHtml } from '../../scripts/page/report-html.ts';
import { type RunDocument, readPrintedRun } from '../../scripts/page/run-document.ts';
import { openElements } from '../path/markup.ts';
import { planOf } from '../render/golden.ts';
import { reportOf } from './reports.ts';

const plan = await planOf('dr');
const style = await pageStyle();
const look = { style, styleHash: styleHash(style) };
const healthy = reportOf(plan);

/** The run of a lab in which rs1 lost its VIP, on another kernel. */
const ill: RunDocument = {
  ...healthy.run,
  ok: false,
  kernel: '6.1.190',
  seconds: { total: 9, verify: 8 },
  answers: healthy.run.answers.map((one) =>
    one.server === 'rs1' ? { ...one, server: null, error: 'no answer' } : one,
  ),
  checks: healthy.run.checks.flatMap((one) => {
    if (one.id === 'mtu') return [];
    return [one.id === 'vip' ? { ...one, ok: false, observed: 'rs1 <has> none' } : one];
  }),
  diagnosis: { causes: [{ id: 'vip-missing', node: 'rs1', what: 'rs1 has no VIP', why: '', commands: [] }] },
};

const compared = (before: RunDocument, now: RunDocument): LabReport => ({
  ...healthy,
  run: now,
  against: { file: 'before.json', difference: differenceOf(before, now) },
});

test('what differs is told, whichever run came first, and nothing else', (t) => {
  const { facts, checks, answers, causes, seconds } = differenceOf(healthy.run, ill);
  t.deepEqual(facts, [
    { fact: 'kernel', before: '6.12.94', now: '6.1.190' },
    { fact: 'verdict', before: 'passed', now: 'failed' },
  ]);
  t.deepEqual(
    checks.map(({ id, before, now }) => [id, before, now]),
    [
      ['vip', 'passed', 'failed'],
      ['mtu', 'passed', 'absent'],
    ],
  );
  t.deepEqual(answers, [{ service: 'TCP 192.168.1.3:80', server: 'rs1', before: 6, now: 0 }]);
  t.deepEqual(causes, [{ id: 'vip-missing', node: 'rs1', what: 'rs1 has no VIP', now: true }]);
  t.deepEqual(seconds, [
    { part: 'verify', before: 1.3, now: 8 },
    { part: 'total', before: 5.8, now: 9 },
  ]);
  const back = differenceOf(ill, healthy.run);
  t.deepEqual(
    back.checks.map(({ id, before, now }) => [id, before, now]),
    [
      ['vip', 'failed', 'passed'],
      ['mtu', 'absent', 'passed'],
    ],
  );
  t.deepEqual(back.causes, [{ id: 'vip-missing', node: 'rs1', what: 'rs1 has no VIP', now: false }]);
  t.false(isSame(back));
});

test('two runs that found the same differ in time alone, and the report says so', (t) => {
  const slower = { ...healthy.run, seconds: { ...healthy.run.seconds, total: 99 } };
  t.true(isSame(differenceOf(slower, healthy.run)));
  const text = reportMarkdown(compared(slower, healthy.run));
  t.regex(text, /Compared with before\.json: Both runs found the same\./);
  t.regex(text, /\| all together \| 99\.0 s \| 5\.8 s \|/);
});

test('the page and the Markdown have the difference, and its text stays text', (t) => {
  const report = compared(healthy.run, ill);
  for (const language of languages) {
    const html = reportHtml(report, language, look);
    t.deepEqual(openElements(html.replace(/<style>.*<\/style>/s, '')), [], language);
    t.true(html.includes('rs1 &lt;has&gt; none'));
    t.true(html.includes('before.json'));
  }
  const text = reportMarkdown(report);
  t.regex(text, /\| Check vip \S* ?\| passed \| failed: rs1 <has> none \|/);
  t.regex(text, /\| Kernel of the director \| 6\.12\.94 \| 6\.1\.190 \|/);
  t.regex(text, /\| Cause on rs1 \| – \| rs1 has no VIP \|/);
  t.notRegex(reportMarkdown(healthy), /earlier run/);
});

test('an earlier run is read from what lab report, run and verify print, and from nothing else', (t) => {
  const printed = { schema: 'lvs-lab/report/1', lab: 'dr', ok: true, files: [], run: healthy.run, stages: [] };
  t.deepEqual(readPrintedRun(JSON.stringify(printed)), healthy.run);
  t.deepEqual(readPrintedRun(JSON.stringify({ schema: 'lvs-lab/run/2', ...healthy.run })), healthy.run);
  for (const text of ['', '{', '[]', 'null', '{"schema":"lvs-lab/report/1"}', JSON.stringify({ lab: 'dr' })])
    t.is(readPrintedRun(text), undefined, text);
});

import test from 'ava';
import type { Check } from '../../scripts/checks/check.ts';
import { languages } from '../../scripts/exercise/languages.ts';
import { pageStyle, styleHash } from '../../scripts/host/page-files.ts';
import { reportJunit } from '../../scripts/page/junit.ts';
import { reportKtap } from '../../scripts/page/ktap.ts';
import { doneStages } from '../../scripts/page/lab-report.ts';
import { reportMarkdown } from '../../scripts/page/markdown.ts';
import { reportHtml } from '../../scripts/page/report-html.ts';
import { readRunDocument } from '../../scripts/page/run-document.ts';
import { openElements } from '../path/markup.ts';
import { allLabs, planOf } from '../render/golden.ts';
import { keptPath, reportOf } from './reports.ts';

const style = await pageStyle();
const look = { style, styleHash: styleHash(style) };

/** A check that failed, with everything that markup and tables could trip over. */
const failing =
  (id: string) =>
  (check: Check): Check =>
    check.id === id
      ? {
          ...check,
          ok: false,
          observed: 'a <b> & "c" | d\nnext # line \u0000',
          hint: {
            cause: 'somebody <removed> it',
            commands: [{ on: 'rs1', run: 'ip address add 192.168.1.3/32 dev lo' }],
            see: [],
          },
        }
      : check;

test('the page of every lab is whole, small, and needs nothing from elsewhere', async (t) => {
  for (const lab of await allLabs()) {
    const plan = await planOf(lab);
    for (const language of languages) {
      const html = reportHtml(reportOf(plan), language, look);
      t.deepEqual(openElements(html.replace(/<style>.*<\/style>/s, '')), [], lab);
      t.true(Buffer.byteLength(html) <= 150_000, lab);
      const without = html.replaceAll('http://www.w3.org/2000/svg', '');
      t.notRegex(
        without.replace(/<d[dt]>.*?<\/d[dt]>/g, ''),
        /url\(|@import|src=|href=|<script|\sstyle=|\son\w+=/,
        lab,
      );
      t.regex(html, new RegExp(`<html lang="${language}">`));
      for (const { name } of plan.nodes) t.true(html.includes(`data-node="${name}"`), `${lab}: ${name}`);
    }
  }
});

test('the page has every answer, every check, the kernel, the times and the path', async (t) => {
  const plan = await planOf('dr');
  const report = { ...reportOf(plan), path: await keptPath('dr') };
  const html = reportHtml(report, 'en', look);
  const rows = html.match(/<tr[ >]/g)?.length ?? 0;
  t.true(rows > report.run.answers.length + report.run.checks.length);
  for (const { id } of report.run.checks) t.true(html.includes(`<code>${id}</code>`), id);
  for (const text of [
    'Passed: all',
    '6.12.94',
    '4 machines up',
    '5.8 s',
    '2026-11-30T08:15:12.345Z',
    'class="ladder"',
  ]) {
    t.true(html.includes(text), text);
  }
  t.true(html.includes(`style-src 'sha256-${look.styleHash}'`));
  t.regex(reportHtml(report, 'de', look), /Bestanden: alle \d+ Prüfungen/);
});

test('what failed is told in every format, and its text stays text', async (t) => {
  const plan = await planOf('dr');
  const report = reportOf(plan, { change: failing('vip') });
  const html = reportHtml(report, 'en', look);
  t.true(html.includes('a &lt;b&gt; &amp; &quot;c&quot; | d'));
  t.false(html.includes('<removed>'));
  t.regex(html, /Failed: 1 of/);
  const junit = reportJunit(report);
  t.deepEqual(openElements(junit.replace(/<\?xml.*\?>/, '')), []);
  t.regex(junit, /failures="1"/);
  t.regex(junit, /<failure message="a &lt;b&gt; &amp; &quot;c&quot; \| d\n?/);
  t.false(junit.includes('\u0000'), 'XML has no such character');
  const markdown = reportMarkdown(report);
  t.regex(markdown, /\| ✗ \| `vip` .* \| a <b> & "c" \\\| d next # line/);
  t.regex(markdown, /### vip\n\n- expected: /);
  const ktap = reportKtap(report);
  t.regex(ktap, /^KTAP version 1\n# lab dr\n1\.\.\d+\n/);
  t.regex(ktap, /^not ok \d+ vip [^\n]*\n# expected: [^\n]*\n# observed: a <b> & "c" \| d next # line/m);
});

test('the checks have the same order and the same numbers in KTAP and JUnit', async (t) => {
  const { run, ...rest } = reportOf(await planOf('services'));
  const ktap = reportKtap({ run, ...rest });
  t.deepEqual(
    [...ktap.matchAll(/^ok (\d+) (\S+)/gm)].map(([, number, id]) => [Number(number), id]),
    run.checks.map(({ id }, at) => [at + 1, id]),
  );
  const names = [...reportJunit({ run, ...rest }).matchAll(/<testcase [^>]*name="([^ :"]+)/g)].map(([, name]) => name);
  t.deepEqual(
    names,
    run.checks.map(({ id }) => id),
  );
});

test('only the last run counts, and a line that a killed command has left tells nothing', (t) => {
  const line = (event: object) => JSON.stringify({ time: '2026-11-30T08:15:12.345Z', ...event });
  const text = [
    line({ type: 'stage-start', stage: 'machines', text: 'starting' }),
    line({ type: 'stage-done', stage: 'machines', text: 'old', seconds: 9 }),
    line({ type: 'stage-start', stage: 'machines', text: 'starting' }),
    line({ type: 'stage-done', stage: 'machines', text: '4 machines up', seconds: 0.9 }),
    'null',
    '{"type":"stage-done","text":"half',
  ].join('\n');
  t.deepEqual(doneStages(text), [{ text: '4 machines up', seconds: 0.9 }]);
  t.deepEqual(doneStages(''), []);
});

test('a report.json that another program has written is no report', (t) => {
  for (const text of ['', 'null', '{}', '[1]', '{"lab":"dr"}']) t.is(readRunDocument(text), undefined);
});

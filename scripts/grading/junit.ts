import { type ClassReport, fileOf, type Row, reasonOf } from './class-report.ts';

/**
 * JUnit's XML, as the tools of CI read it: a suite for each submission, a test case for each task. What does not count is an error,
 * and what was not handed in a test that was skipped.
 */
export function junitReport({ rows }: ClassReport): string {
  const suites = rows.map(suiteOf);
  const sum = (count: (suite: Suite) => number) => suites.reduce((all, suite) => all + count(suite), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element('testsuites', { name: 'lvs-lab', ...counts(sum) }, suites.map(suiteText)),
    '',
  ].join('\n');
}

interface Suite {
  name: string;
  file: string;
  seconds: number;
  cases: { name: string; failure?: string; error?: string; skipped?: string }[];
}

function suiteOf(row: Row): Suite {
  const name = [row.exercise, row.student].filter(Boolean).join(' ') || fileOf(row);
  const suite = { name, file: fileOf(row), seconds: row.outcome === 'graded' ? row.seconds : 0 };
  if (row.outcome === 'missing') return { ...suite, cases: [{ name: 'handed in', skipped: reasonOf(row) ?? '' }] };
  if (row.outcome !== 'graded') return { ...suite, cases: [{ name: 'handed in', error: row.reason }] };
  return {
    ...suite,
    cases: [
      ...row.tasks.map(({ id, tell }) => ({ name: id, ...(tell && { failure: tell.en }) })),
      ...row.look.map((error) => ({ name: 'to look at', error })),
    ],
  };
}

function counts(sum: (count: (suite: Suite) => number) => number) {
  const having = (key: 'failure' | 'error' | 'skipped') =>
    sum(({ cases }) => cases.filter((one) => one[key] !== undefined).length);
  return {
    tests: sum(({ cases }) => cases.length),
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
    time: sum(({ seconds }) => seconds).toFixed(3),
  };
}

function suiteText(suite: Suite): string {
  const attributes = { name: suite.name, ...counts((count) => count(suite)), file: suite.file || undefined };
  return element(
    'testsuite',
    attributes,
    suite.cases.map(({ name, failure, error, skipped }) =>
      element('testcase', { classname: suite.name, name }, [
        ...(failure === undefined ? [] : [element('failure', { message: failure })]),
        ...(error === undefined ? [] : [element('error', { message: error })]),
        ...(skipped === undefined ? [] : [element('skipped', { message: skipped })]),
      ]),
    ),
  );
}

type Attributes = Record<string, string | number | undefined>;

function element(name: string, attributes: Attributes, inner: readonly string[] = []): string {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(String(value))}"`],
  );
  const begin = `<${name}${words.join('')}`;
  if (inner.length === 0) return `${begin}/>`;
  return [`${begin}>`, ...inner.map((text) => text.replace(/^/gm, '  ')), `</${name}>`].join('\n');
}

/** Without the characters that no XML may have (Extensible Markup Language 1.0, 2.2). */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\r', '&#13;');
}

import { escaped } from '../path/markup.ts';
import type { LabReport } from './lab-report.ts';
import type { RunCheck } from './run-document.ts';

/** Characters that no XML 1.0 document can have. */
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The checks as test cases of JUnit’s XML, as continuous integration servers read it. */
export function reportJunit({ plan, run }: LabReport): string {
  const failed = run.checks.filter(({ ok }) => !ok).length;
  const counts = `tests="${run.checks.length}" failures="${failed}" errors="0"`;
  const when = run.time ? ` timestamp="${text(run.time)}"` : '';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="lab ${text(plan.lab)}" ${counts} skipped="0" time="${run.seconds.verify}"${when}>`,
    ...run.checks.map((check) => caseText(check, plan.lab)),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseText(check: RunCheck, lab: string): string {
  const { id, service, ok, title, expected, observed, warning } = check;
  const name = service ? `${id} (${service})` : id;
  const open = `<testcase classname="lab.${text(lab)}" name="${text(name)}: ${text(title)}"`;
  const output = warning === null ? '' : `<system-out>${text(warning)}</system-out>`;
  if (ok) return output ? `${open}>${output}</testcase>` : `${open}/>`;
  const facts = [`expected: ${expected}`, `observed: ${observed}`, ...hintLines(check)].join('\n');
  return `${open}><failure message="${text(observed)}">${text(facts)}</failure>${output}</testcase>`;
}

function hintLines({ hint }: RunCheck): string[] {
  return hint ? [hint.cause, ...hint.commands] : [];
}

function text(words: string): string {
  return escaped(words.replace(notXml, '\u{fffd}'));
}

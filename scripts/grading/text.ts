import { countOf } from '../count-of.ts';
import { columns } from '../report/columns.ts';
import type { Look } from '../report/output.ts';
import { beside, wrapLines } from '../report/wrap.ts';
import { type ClassReport, fileOf, needsLook, type Row, reasonOf } from './class-report.ts';

/** The report for a screen: a line for each submission, then what a teacher must look at, and the sum. */
export function classText({ rows }: ClassReport, { paint, width }: Look): string {
  const parts = [
    columns(
      rows.map((row) => cells(row, paint)),
      { width },
    ),
    ...lookText(rows, { paint, width }),
    wrapLines(`  ${sumText(rows)}`, width),
  ];
  return parts.join('\n\n');
}

function cells(row: Row, paint: Look['paint']): string[] {
  const name = row.student ?? fileOf(row);
  if (row.outcome !== 'graded') return [name, row.exercise ?? '', paint('dim', 'none'), reasonOf(row) ?? ''];
  const tasks = row.tasks.map(({ id, right }) => `${right ? paint('green', '✔') : paint('red', '✘')}\u00a0${id}`);
  return [name, row.exercise ?? '', `${row.points}\u00a0of\u00a0${row.of}`, tasks.join(' ')];
}

function lookText(rows: readonly Row[], { paint, width }: Look): string[] {
  const told = rows.filter((row) => row.outcome === 'graded' && row.look.length + row.notes.length > 0);
  return told.map((row) => {
    if (row.outcome !== 'graded') return '';
    const head = `${row.student}, ${row.exercise} (${row.file})`;
    const lines = [
      ...row.look.map((one) => paint('yellow', beside('    look: ', one, width))),
      ...row.notes.map((one) => beside('    note: ', one, width)),
    ];
    return [wrapLines(`  ${paint('bold', head)}`, width), ...lines].join('\n');
  });
}

function sumText(rows: readonly Row[]): string {
  const count = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const missing = count('missing');
  const look = rows.filter(needsLook).length;
  const words = [
    `${countOf(rows.length - missing, 'submission')}: ${count('graded')} graded`,
    ...(count('refused') > 0 ? [`${count('refused')} refused`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} not graded`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(look > 0 ? [`${look} to look at`] : []),
  ];
  return words.join(', ');
}

import { join } from 'node:path';
import { classroomResult } from '../../scripts/grading/classroom50.ts';
import { junitReport } from '../../scripts/grading/junit.ts';
import { separated } from '../../scripts/grading/separated-values.ts';
import { gradeColumns, gradeRows, taskColumns, taskRows } from '../../scripts/grading/table.ts';
import { classText } from '../../scripts/grading/text.ts';
import { projectRoot } from '../../scripts/host/paths.ts';
import { plainWidth } from '../../scripts/report/wrap.ts';
import { sample } from './sample.ts';

export const classFolder = join(projectRoot, 'test/golden/class');

/** Each report of the sample, by the name of its file. */
export const goldenReports: Record<string, string> = {
  'report.txt': `${classText(sample, { paint: (_, text) => text, width: plainWidth })}\n`,
  'grades.csv': separated([gradeColumns, ...gradeRows(sample)]),
  'tasks.csv': separated([taskColumns, ...taskRows(sample)]),
  'junit.xml': junitReport(sample),
  'result.json': `${JSON.stringify(
    sample.rows.flatMap((row) => (row.outcome === 'graded' ? [classroomResult(row, {}, '2026-12-01T08:00:00Z')] : [])),
    null,
    2,
  )}\n`,
};

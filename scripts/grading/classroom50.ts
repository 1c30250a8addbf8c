import type { Row } from './class-report.ts';

type Graded = Extract<Row, { outcome: 'graded' }>;

/**
 * What Classroom 50's runner knows of a submission. A submission that it has not started has its file's name and hash in these
 * places, which may not be empty.
 */
export interface Runner {
  classroom?: string | undefined;
  assignment?: string | undefined;
  owner?: string | undefined;
  submission?: string | undefined;
  commit?: string | undefined;
  release?: string | undefined;
  review?: string | undefined;
}

/**
 * The document result.json of Classroom 50, schema classroom50/result/v1 ("Advanced Autograding" in its wiki). Its keys are spelled
 * as they are there.
 * @param gradedAt ISO 8601, to the second
 */
export function classroomResult(row: Graded, runner: Runner, gradedAt: string) {
  const hash = `sha256:${row.hash}`;
  return {
    schema: 'classroom50/result/v1',
    classroom: runner.classroom || row.course || 'lvs-lab',
    assignment: runner.assignment || row.exercise || '',
    assignment_type: 'individual',
    owner: runner.owner || row.student || '',
    submission: runner.submission || row.file,
    commit: runner.commit || hash,
    release: runner.release || row.file,
    review: runner.review || runner.commit || hash,
    datetime: row.written,
    graded_at: gradedAt,
    score: row.points,
    'max-score': row.of,
    tests: row.tasks.map(({ id, right, points, of }) => ({
      'test-name': id,
      passed: right,
      score: points,
      'max-score': of,
    })),
  };
}

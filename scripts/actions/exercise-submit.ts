import { resolve } from 'node:path';
import { ExitCode, UsageError } from '../errors.ts';
import { type SubmittedNode, submissionName, submissionOf } from '../exercise/submission.ts';
import { sentences } from '../exercise/words.ts';
import { acceptable, type Unacceptable } from '../grading/handing-in.ts';
import { readProgress } from '../host/exercise-state.ts';
import { largestGivenFile } from '../host/given-file.ts';
import { shortPath } from '../host/lab-files.ts';
import { mapParallel } from '../host/parallel.ts';
import { writeState } from '../host/state-file.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { comparedStates } from '../provision/node-states.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Templates } from '../render/render.ts';
import { printJson, printText } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { differences } from '../state/state.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { openExercise, type StudentOptions, whoBy } from './open-exercise.ts';
import { inStarted } from './started-exercise.ts';

export interface SubmitOptions extends StudentOptions, LanguageOptions {
  /** The file; without it one in the current folder, named by exercise and student. */
  to?: string | undefined;
}

/** lab exercise submit ID: writes one sealed file with the answers, the hints taken, and what was changed on the machines. */
export async function submitExercise(id: string, options: SubmitOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const { exercise } = await openExercise(id, whoBy(options));
  try {
    const onMachines = exercise.tasks.some(({ kind }) => kind === 'done');
    const nodes = onMachines ? await inStarted(exercise, `lab exercise submit ${id}`, screen.emit, changed) : [];
    const made = submissionOf(exercise, await readProgress(id, exercise.who), nodes);
    const found = acceptable(made, largestGivenFile);
    if ('wrong' in found) throw notAccepted(id, found);
    const { submission, left } = found;
    const path = resolve(options.to ?? submissionName(exercise));
    for (const text of left) screen.emit({ type: 'warning', text });
    await writeState(path, submission);
    screen.clear();
    const { course, student, points, of } = submission;
    const file = shortPath(path);
    if (globals.json) {
      printJson({ schema: 'lvs-lab/exercise-submit/1', exercise: id, course, student, file, points, of });
    } else printText(`  ${sentences[language].submitted(file, points, of)}`);
    return ExitCode.ok;
  } finally {
    screen.clear();
  }
}

/** Nobody would know of it until the file is graded. */
function notAccepted(id: string, { wrong, task }: Unacceptable): UsageError {
  const what = task === undefined ? `what was done for ${id}` : `the answer to task ${task}`;
  return new UsageError(`${what} cannot be handed in: ${wrong}`, {
    cause: 'lab class grade would not accept the file, so none is written',
    tryThis: `lab exercise check ${id}${task === undefined ? '' : ` --answer ${task}=…`}`,
  });
}

/** What a student has changed on each node. */
function changed(lab: ProvisionedLab, templates: Templates): Promise<SubmittedNode[]> {
  return mapParallel(lab.plan.nodes, connectWidth, async (node) => {
    const { before, after, unread } = await comparedStates(lab, templates, node);
    const found = differences(node.name, before, after).map(({ node: _, ...rest }) => rest);
    return { node: node.name, unread, differences: found };
  });
}

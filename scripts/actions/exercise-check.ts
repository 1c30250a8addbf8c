import { ExitCode, UsageError } from '../errors.ts';
import { typedAnswer } from '../exercise/answers.ts';
import type { Exercise, Look, Task } from '../exercise/exercise.ts';
import { type Judgement, judgedAnswer } from '../exercise/judge.ts';
import type { Language } from '../exercise/languages.ts';
import { allPoints, earnedPoints, type Progress, worthOf } from '../exercise/points.ts';
import { wrongAnswers } from '../exercise/right.ts';
import { sentences } from '../exercise/words.ts';
import { readProgress, writeProgress } from '../host/exercise-state.ts';
import { own } from '../own.ts';
import { type Emit, stage } from '../report/events.ts';
import { print, printJson, type Look as ScreenLook, screenLook } from '../report/output.ts';
import { display } from '../report/sinks.ts';
import { beside } from '../report/wrap.ts';
import type { Bench } from '../trials/bench.ts';
import { firstMissed } from '../trials/first-missed.ts';
import { benchOf, type Control } from '../trials/machines.ts';
import type { Globals } from './globals.ts';
import { type LanguageOptions, languageBy } from './language.ts';
import { type OpenedExercise, openExercise, requireTask, type StudentOptions, whoBy } from './open-exercise.ts';
import { inStarted } from './started-exercise.ts';

export interface CheckOptions extends StudentOptions, LanguageOptions {
  /** `TASK=VALUE` each. */
  answer: string[];
}

/** lab exercise check ID: which tasks are right, the points so far, and the first thing that is not right yet. */
export async function checkExercise(id: string, options: CheckOptions, globals: Globals): Promise<number> {
  const language = languageBy(options);
  const screen = display(globals.json ? 'quiet' : globals.loudness);
  const opened = await openExercise(id, whoBy(options));
  const { exercise } = opened;
  const before = await readProgress(id, exercise.who);
  const answers = { ...before.answers, ...answersIn(exercise, options.answer) };
  try {
    // An answer that was given is kept, also if the lab cannot be looked at.
    await writeProgress(id, exercise.who, { ...before, answers });
    const seen = await seenIn(opened, screen.emit);
    const judged = exercise.tasks.map((task) => ({ task, judgement: judgementOf(opened, task, answers, seen) }));
    const right = judged.filter(({ judgement }) => judgement.right).map(({ task }) => task.id);
    const progress: Progress = { ...before, answers, right };
    await writeProgress(id, exercise.who, progress);
    screen.clear();
    const missed = judged.find(({ judgement }) => !judgement.right);
    const result: Result = { judged, missed, progress };
    if (globals.json) printJson(documentOf(exercise, result, language));
    else print(checkText(exercise, result, language, screenLook()));
    return missed ? ExitCode.checkFailed : ExitCode.ok;
  } finally {
    screen.clear();
  }
}

interface JudgedTask {
  task: Task;
  judgement: Judgement;
}

interface Result {
  judged: readonly JudgedTask[];
  /** The first task that is not right. */
  missed: JudgedTask | undefined;
  progress: Progress;
}

/** @throws UsageError for what is no answer to a task */
export function answersIn(exercise: Exercise, options: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    options.map((text) => {
      const [, id = '', words = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (id === '')
        throw new UsageError(`--answer: ${JSON.stringify(text)} has no = between a task and its answer`, {
          tryThis: `--answer ${exercise.tasks.find(({ kind }) => kind === 'answered')?.id ?? 'TASK'}=…`,
        });
      const task = requireTask(exercise, id);
      if (task.kind !== 'answered')
        throw new UsageError(`--answer: task ${id} is done on the machines, and has no answer`);
      return [id, typedAnswer(words)];
    }),
  );
}

function judgementOf(
  { plan, right }: OpenedExercise,
  task: Task,
  answers: Progress['answers'],
  seen: ReadonlyMap<string, Judgement>,
): Judgement {
  if (task.kind === 'answered')
    return judgedAnswer(task, own(answers, task.id), right[task.id] ?? [], wrongAnswers(task, plan));
  const judgement = seen.get(task.id);
  if (!judgement) throw new Error(`task ${task.id} was not looked at`);
  return judgement;
}

/** Looks at the tasks that are done on the machines. */
async function seenIn({ exercise }: OpenedExercise, emit: Emit): Promise<Map<string, Judgement>> {
  const tasks = exercise.tasks.filter((task) => task.kind === 'done');
  const seen = new Map<string, Judgement>();
  if (tasks.length === 0) return seen;
  await inStarted(exercise, `lab exercise check ${exercise.id}`, emit, (lab, templates, toFile) =>
    stage(toFile, 'try', 'looking', async () => {
      const bench = await benchOf(lab, templates, onlyLooks, toFile);
      for (const task of tasks) seen.set(task.id, await judgedLooks(bench, task));
    }),
  );
  return seen;
}

/** The steps of a check only look and send. */
export const onlyLooks: Control = {
  make: () => Promise.reject(new Error('a check makes no fault')),
  mend: () => Promise.reject(new Error('a check mends no fault')),
  reset: () => Promise.reject(new Error('a check replaces no machine')),
};

/** By the first step that does not see what it must; if a mistake is recognised, by that. */
export async function judgedLooks(
  bench: Bench,
  { done, mistakes }: Extract<Task, { kind: 'done' }>,
): Promise<Judgement> {
  const steps = (looks: readonly Look[]) => looks.map(({ step }) => step);
  const missed = await firstMissed(bench, steps(done));
  if (missed === undefined) return { right: true };
  for (const { when, hint } of mistakes)
    if (when && (await firstMissed(bench, steps(when))) === undefined) return { right: false, tell: hint };
  const tell = done[missed]?.tell;
  if (!tell) throw new Error('a step that tells nothing');
  return { right: false, tell };
}

function documentOf(exercise: Exercise, { judged, missed, progress }: Result, language: Language) {
  const { course, student } = exercise.who;
  return {
    schema: 'lvs-lab/exercise-check/1',
    exercise: exercise.id,
    course,
    student,
    language,
    right: missed === undefined,
    points: earnedPoints(exercise, progress),
    of: allPoints(exercise),
    tasks: judged.map(({ task, judgement: { right } }) => ({
      id: task.id,
      right,
      points: right ? worthOf(task, progress) : 0,
      of: task.points,
      hints: own(progress.hints, task.id) ?? 0,
    })),
    tell: missed && !missed.judgement.right ? { task: missed.task.id, text: missed.judgement.tell[language] } : null,
  };
}

/** What is right, and of what is not right the first thing alone. */
export function checkText(
  exercise: Exercise,
  { judged, missed, progress }: Result,
  language: Language,
  { paint, width }: ScreenLook,
): string {
  const { earned, allRight, points } = sentences[language];
  const lines = judged.flatMap((one) => {
    const { task, judgement } = one;
    const sign = judgement.right ? paint('green', '✔') : paint('red', '✘');
    const worth = judgement.right ? `  ${paint('dim', points(worthOf(task, progress)))}` : '';
    const told = one === missed && !judgement.right ? [beside('    ', judgement.tell[language], width)] : [];
    return [`  ${sign} ${task.id}${worth}`, ...told];
  });
  const sum = earned(earnedPoints(exercise, progress), allPoints(exercise));
  return [...lines, '', `  ${paint('bold', sum)}${missed ? '' : `  ${paint('green', allRight)}`}`].join('\n');
}

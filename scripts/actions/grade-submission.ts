import type { Task } from '../exercise/exercise.ts';
import { type Judgement, judgedAnswer } from '../exercise/judge.ts';
import { wrongAnswers } from '../exercise/right.ts';
import type { Submission, SubmittedNode } from '../exercise/submission.ts';
import { type Grade, gradeOf } from '../grading/grade.ts';
import { leftSentences } from '../grading/left.ts';
import { lasting, wished } from '../grading/wished.ts';
import { removeTree } from '../host/files.ts';
import { mapParallel } from '../host/parallel.ts';
import { placeOf } from '../host/paths.ts';
import { own } from '../own.ts';
import type { PlannedNode } from '../plan/plan.ts';
import type { ProviderName } from '../providers/index.ts';
import { bringToState, handsOn } from '../provision/bring-to-state.ts';
import type { ProvisionedLab } from '../provision/lab-states.ts';
import { readNodeState } from '../provision/node-states.ts';
import { connectWidth } from '../provision/provision.ts';
import type { Templates } from '../render/render.ts';
import type { Emit } from '../report/events.ts';
import type { Bench } from '../trials/bench.ts';
import { benchOf } from '../trials/machines.ts';
import { endLab } from './down.ts';
import { judgedLooks, onlyLooks } from './exercise-check.ts';
import type { OpenedExercise } from './open-exercise.ts';
import { openVariant } from './open-variant.ts';
import { withPrepared } from './prepared-exercise.ts';

export interface GradeOptions {
  provider?: ProviderName | undefined;
  setup: boolean;
  /** The folder of the lab, of its own. It is removed at the end. */
  folder: string;
  /** The command, for others that wait. */
  what: string;
  /** Aborted when another submission was interrupted: this one is then given up as soon as that can be. */
  over: AbortSignal;
}

type Done = Extract<Task, { kind: 'done' }>;

/**
 * Grades a submission: its answers by what is computed, and what is done on machines by a lab that is brought to the submitted state.
 * Nothing of the submission is run on this computer.
 */
export async function gradeSubmission(
  opened: OpenedExercise,
  submission: Submission,
  options: GradeOptions,
  emit: Emit,
): Promise<Grade> {
  const { exercise, plan, right } = opened;
  const judgements = new Map<string, Judgement>();
  for (const task of exercise.tasks) {
    if (task.kind !== 'answered') continue;
    const answer = own(submission.answers, task.id);
    judgements.set(task.id, judgedAnswer(task, answer, right[task.id] ?? [], wrongAnswers(task, plan)));
  }
  const done = exercise.tasks.filter((task) => task.kind === 'done');
  const run = done.length > 0 ? await judgedByRun(opened, done, submission, options, emit) : undefined;
  for (const [task, judgement] of run?.judgements ?? []) judgements.set(task, judgement);
  return gradeOf(exercise, submission, judgements, run?.notes ?? []);
}

interface Run {
  judgements: Map<string, Judgement>;
  notes: string[];
}

async function judgedByRun(
  { exercise, source, file }: OpenedExercise,
  tasks: readonly Done[],
  submission: Submission,
  { folder, what, over, ...options }: GradeOptions,
  emit: Emit,
): Promise<Run> {
  const variant = await openVariant(
    { name: exercise.id, lab: exercise.lab, source, file },
    exercise.variant,
    options,
    emit,
  );
  const opened = { ...variant, place: placeOf(exercise.id, folder) };
  over.throwIfAborted();
  try {
    return await withPrepared(exercise, opened, { setup: options.setup, what }, emit, async (lab) => {
      over.throwIfAborted();
      const notes = await bringOver(lab, opened.templates, submission.nodes);
      const bench = await benchOf(lab, opened.templates, onlyLooks, emit);
      return { notes, judgements: await judgedTasks(bench, tasks, submission.right, over) };
    });
  } finally {
    await endLab(opened.place, emit);
    await removeTree(folder);
  }
}

/** Brings all machines to the submitted states. @returns what could not be brought over, a sentence each */
async function bringOver(
  lab: ProvisionedLab,
  templates: Templates,
  submitted: readonly SubmittedNode[],
): Promise<string[]> {
  const { nodes } = lab.plan;
  const unknown = submitted.filter(({ node }) => !nodes.some(({ name }) => name === node));
  const notes = await mapParallel(nodes, connectWidth, async (node) => {
    const own = submitted.filter((one) => one.node === node.name);
    const unread = own.flatMap((one) => one.unread.map((why) => `when it was handed in: ${why}`));
    const left = await leftOn(
      lab,
      templates,
      node,
      own.flatMap(({ differences }) => differences),
    );
    return [...unread, ...left];
  });
  return [
    ...unknown.map(({ node }) => `the exercise has no machine ${node}, so what was changed there does not count`),
    ...notes.flat(),
  ];
}

async function leftOn(
  lab: ProvisionedLab,
  templates: Templates,
  node: PlannedNode,
  submitted: SubmittedNode['differences'],
): Promise<string[]> {
  if (submitted.length === 0) return [];
  const fresh = await readNodeState(lab, templates, node);
  const { entries, impossible } = wished(fresh, submitted, lab.plan);
  const left = await bringToState(node.name, entries, fresh, handsOn(lab, templates, node, entries));
  return leftSentences(node.name, impossible, lasting(left));
}

/**
 * Looks at each task as a check does. What the student's check has seen and this one has not is looked at once more when all others
 * have been: a daemon that has just started may need its time.
 */
async function judgedTasks(
  bench: Bench,
  tasks: readonly Done[],
  seenBefore: readonly string[],
  over: AbortSignal,
): Promise<Map<string, Judgement>> {
  const found = new Map<string, Judgement>();
  const look = async (some: readonly Done[]) => {
    for (const task of some) {
      over.throwIfAborted();
      found.set(task.id, await judgedLooks(bench, task));
    }
  };
  await look(tasks);
  await look(tasks.filter(({ id }) => !found.get(id)?.right && seenBefore.includes(id)));
  return found;
}

import type { z } from 'zod';
import { LabFileError } from '../errors.ts';
import { type LabMap, type Step, stepsOf, type Variant } from '../experiment/experiment.ts';
import { labIn, type Read, type Reading, readAs } from '../experiment/read.ts';
import { keysOf } from '../model/reading/known-keys.ts';
import { schemaProblems } from '../model/reading/schema-problems.ts';
import { type Path, readSource, type Source } from '../model/reading/source.ts';
import { DrawError, drawn, type Values, type Who } from './draw.ts';
import { drawSchema } from './draw-schema.ts';
import type { Words } from './languages.ts';
import { filled } from './placeholders.ts';
import { exerciseSchema, type Written, type WrittenAnswer } from './schema.ts';

/** A step that looks, and what a learner is told when it does not see what it must. */
export interface Look {
  step: Step;
  tell: Words | null;
}

/** What learners do wrong: known by their answer, or by what is seen in the lab. */
export type Mistake = { hint: Words } & (
  | { answer: WrittenAnswer; when: null; way: null }
  | { answer: null; when: Look[]; way: Step[] }
);

interface TaskBase {
  id: string;
  title: Words;
  points: number;
  mistakes: Mistake[];
  hints: { cost: number; text: Words }[];
}

export type Task = TaskBase &
  ({ kind: 'done'; done: Look[]; solve: Step[] } | { kind: 'answered'; answer: WrittenAnswer });

/** An exercise as one student has it. */
export interface Exercise extends Pick<Written, 'id' | 'title' | 'kind' | 'lesson' | 'minutes'> {
  who: Who;
  /** What was drawn for the student. */
  values: Values;
  lab: string | LabMap;
  /** The lab as the learner finds it; its steps are those of `prepare`. */
  variant: Variant;
  tasks: Task[];
  /** As it is written: the right answers are filled in when they are known. */
  proof: readonly unknown[];
}

export const exerciseFileKeys = keysOf(exerciseSchema, ['', 'tasks', 'tasks.done', 'tasks.done.see']);

/** Reads the exercise that one student has. @throws LabFileError */
export type ExerciseReader = (who: Who) => Read<Exercise>;

/**
 * Reads an exercise, once for all students.
 * @param name of its folder
 */
export function exerciseReader(text: string, { name, file }: { name: string; file: string }): ExerciseReader {
  const sources = new Map<string, Source>();
  const sourceOf = (words: string): Source => {
    const source = sources.get(words) ?? readSource(words, exerciseFileKeys.every);
    sources.set(words, source);
    return source;
  };
  return (who) => {
    const found: { values: Values } = { values: {} };
    const fill: Reading['fill'] = (source) => filledFor(source, name, who, found);
    const { data, source } = readAs(text, file, exerciseSchema, exerciseFileKeys, { sourceOf, fill });
    if (data.id !== name) {
      const what = `the folder has another name: ${name}`;
      throw new LabFileError(file, [{ line: source.lineOf(['id']), path: 'id', what, fix: `id: ${name}` }]);
    }
    return { data: exerciseOf(data, source, found.values, who), source };
  };
}

/** Draws and fills in. What the schema says of `draw` must be known before anything can be drawn. */
function filledFor(source: Source, name: string, who: Who, found: { values: Values }): ReturnType<Reading['fill']> {
  const { value } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value, problems: [] };
  const { draw, proof, ...rest } = value as Record<string, unknown>;
  if (draw === undefined) return { value, problems: [] };
  const parsed = drawSchema.safeParse(draw);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['draw', ...issue.path] }));
    return { value, problems: schemaProblems(issues as z.core.$ZodIssue[], source, exerciseFileKeys) };
  }
  try {
    found.values = drawn(parsed.data, name, who);
  } catch (error) {
    if (!(error instanceof DrawError)) throw error;
    const path = ['draw', error.key];
    return { value, problems: [{ line: source.lineOf(path), path: path.join('.'), what: error.message }] };
  }
  const { value: whole, problems } = filled(rest, found.values, [], source.lineOf);
  return { value: { ...(whole as object), draw, ...(proof !== undefined && { proof }) }, problems };
}

function exerciseOf(data: Written, source: Source, values: Values, who: Who): Exercise {
  const { id, title, kind, lesson, minutes, kernel, change = {}, prepare = [], tasks, proof = [] } = data;
  return {
    id,
    title,
    kind,
    lesson,
    minutes,
    who,
    values,
    lab: labIn(source),
    variant: { kernel: kernel ?? null, change, steps: stepsOf(prepare, ['prepare']) },
    tasks: tasks.map((one, at) => taskOf(one, ['tasks', at])),
    proof,
  };
}

function taskOf(one: Written['tasks'][number], path: Path): Task {
  const { id, title, points, done = [], solve = [], answer, mistakes = [], hints = [] } = one;
  const base = {
    id,
    title,
    points,
    hints,
    mistakes: mistakes.map((each, at) => mistakeOf(each, [...path, 'mistakes', at])),
  };
  if (answer) return { ...base, kind: 'answered', answer };
  return { ...base, kind: 'done', done: looksOf(done, [...path, 'done']), solve: stepsOf(solve, [...path, 'solve']) };
}

function mistakeOf(
  { hint, answer, when = [], way = [] }: NonNullable<Written['tasks'][number]['mistakes']>[number],
  path: Path,
): Mistake {
  if (answer) return { hint, answer, when: null, way: null };
  return { hint, answer: null, when: looksOf(when, [...path, 'when']), way: stepsOf(way, [...path, 'way']) };
}

function looksOf(steps: readonly { tell?: Words | undefined }[], path: Path): Look[] {
  return stepsOf(steps, path).map((step, at) => ({ step, tell: steps[at]?.tell ?? null }));
}

/** Every step of an exercise but the proof, in the order in which each group would be done. */
export function stepGroups({ variant, tasks }: Exercise): Step[][] {
  const looks = (some: readonly Look[]) => some.map(({ step }) => step);
  return [
    variant.steps,
    ...tasks.flatMap((task) => [
      ...(task.kind === 'done' ? [looks(task.done), task.solve] : []),
      ...task.mistakes.flatMap(({ when, way }) => [looks(when ?? []), way ?? []]),
    ]),
  ];
}

import { z } from 'zod';
import { experimentKeys } from '../experiment/schema/experiment.ts';
import { step, stepWith } from '../experiment/schema/step.ts';
import { requestCount } from '../model/limits.ts';
import { address, hostNamePattern, within } from '../model/schema/values.ts';
import { schedulers } from '../model/words.ts';
import { drawSchema } from './draw-schema.ts';

const words = z.strictObject({
  en: z.string().min(1).describe('English.'),
  de: z.string().min(1).describe('German.'),
});

/** A step that only looks or sends, and what a learner is told when it does not see what it must. */
const lookingStep = stepWith(['send', 'close', 'wait'], {
  tell: words
    .optional()
    .describe('What a learner is told when it is not seen: what is not right yet, and not how to do it.'),
});

const typedStep = stepWith(['run'], {});

/** Answers are computed where they can be, so that no variant has a wrong one. */
const answerKeys = {
  is: z
    .union([z.string().min(1), z.number(), z.array(z.union([z.string().min(1), z.number()])).min(1)])
    .optional()
    .describe('A word, a number or several of them; as a rule drawn values.'),
  sum: z.array(z.number()).min(2).optional().describe('A number: the sum of these.'),
  within: z.number().min(0).optional().describe('How far a number may be away, for what is measured.'),
  picks: z
    .strictObject({
      count: within(requestCount).describe('How many requests.'),
      scheduler: z
        .enum(schedulers)
        .exclude(['twos'])
        .optional()
        .describe('Another scheduler than that of the lab, for an answer that is wrong.'),
      reversed: z
        .boolean()
        .optional()
        .describe(
          'As if IPVS had its real servers in the order in which they were added, for an answer that is wrong.',
        ),
      held: z.boolean().optional().describe('The client keeps its connections open.'),
      from: address.optional().describe('The client’s address; its own without it.'),
    })
    .optional()
    .describe('The real servers of so many requests, in their order, as the kernel’s scheduler chooses them.'),
  shares: z
    .strictObject({
      count: within({ least: 1, most: 100_000 }).describe('How many requests.'),
      held: z.boolean().optional().describe('The client keeps its connections open.'),
    })
    .optional()
    .describe('How many of so many requests each real server gets, in the order of the lab.'),
};

const answer = z.strictObject(answerKeys).superRefine((one, context) => {
  const named = ['is', 'sum', 'picks', 'shares'].filter((key) => key in one);
  if (named.length !== 1) {
    const what = named.length === 0 ? 'an answer without a way to know it' : 'more than one way to know the answer';
    context.addIssue({ code: 'custom', message: `${what}; one of is, sum, picks, shares` });
  }
});

const mistake = z
  .strictObject({
    hint: words.describe('What a learner is told who makes it: what to look at, not what to type.'),
    answer: answer.optional().describe('The wrong answer by which it is known.'),
    when: z.array(lookingStep).min(1).optional().describe('Steps that see it in the lab.'),
    way: z.array(typedStep).min(1).optional().describe('What makes it, for the tests.'),
  })
  .superRefine(({ answer: wrong, when, way }, context) => {
    const byAnswer = wrong !== undefined && when === undefined && way === undefined;
    const bySight = wrong === undefined && when !== undefined && way !== undefined;
    if (!byAnswer && !bySight)
      context.addIssue({ code: 'custom', message: 'a mistake that cannot be known; either answer, or when and way' });
  });

const task = z
  .strictObject({
    id: z.string().regex(hostNamePattern).describe('A word that names it.'),
    title: words.describe('What is to be done, or the question, in a sentence.'),
    points: within({ least: 1, most: 100 }).describe('What it is worth.'),
    done: z
      .array(lookingStep)
      .min(1)
      .optional()
      .describe('Steps that see whether it is done, by its effect and not by the way in which it was done.'),
    solve: z.array(typedStep).min(1).optional().describe('One way to do it, for the tests and for teachers.'),
    answer: answer.optional().describe('What the learner must answer.'),
    mistakes: z.array(mistake).min(1).optional().describe('What learners do wrong, each with its own hint.'),
    hints: z
      .array(
        z.strictObject({
          cost: within({ least: 0, most: 100 }).describe('Points of the task that it takes.'),
          text: words.describe('What it tells.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Help that a learner may ask for, one after the other.'),
  })
  .superRefine((one, context) => {
    const isDone = one.done !== undefined && one.solve !== undefined && one.answer === undefined;
    const isAnswered = one.answer !== undefined && one.done === undefined && one.solve === undefined;
    if (!isDone && !isAnswered)
      context.addIssue({ code: 'custom', message: 'neither done nor answered; either done and solve, or answer' });
    for (const [at, { tell }] of (one.done ?? []).entries())
      if (!tell)
        context.addIssue({ code: 'custom', path: ['done', at], message: 'a step that tells a learner nothing; tell:' });
    for (const [at, wrong] of (one.mistakes ?? []).entries())
      if ((wrong.answer !== undefined) !== isAnswered)
        context.addIssue({
          code: 'custom',
          path: ['mistakes', at],
          message: `for the other kind of task; ${isAnswered ? 'answer' : 'when and way'}`,
        });
  });

export const exerciseKinds = ['build', 'mend', 'predict', 'measure', 'design'] as const;
export type ExerciseKind = (typeof exerciseKinds)[number];

const { lab, kernel, change, prepare } = experimentKeys(step);

/** An exercise whose placeholders are filled in. */
export const exerciseSchema = z
  .strictObject({
    id: z.string().regex(hostNamePattern).describe('The name of its folder, and of its lab.'),
    title: words.describe('What it is about, in a line.'),
    kind: z.enum(exerciseKinds).describe('What a learner does most in it.'),
    lesson: within({ least: 1, most: 99 }).describe('Its place in the course.'),
    minutes: within({ least: 1, most: 600 }).describe('How long a learner takes.'),
    draw: drawSchema,
    lab,
    kernel,
    change,
    prepare: prepare.describe(
      'Steps that bring the lab to where a learner begins, who does not see them. They are not undone.',
    ),
    tasks: z.array(task).min(1).describe('What is to be done or answered, in this order.'),
    proof: z
      .array(z.unknown())
      .min(1)
      .optional()
      .describe('Steps by which the machines say the same as the computed answers, `((right.TASK))`; for the tests.'),
  })
  .superRefine(({ tasks }, context) => {
    for (const [at, { id }] of tasks.entries())
      if (tasks.findIndex((one) => one.id === id) < at)
        context.addIssue({
          code: 'custom',
          path: ['tasks', at, 'id'],
          message: 'the id of another task; another word',
        });
  })
  .meta({
    title: 'An exercise of lvs-lab',
    description: 'An experiment with tasks, of which each student has a variant.',
  });

export type WrittenAnswer = z.output<typeof answer>;
export type Written = z.output<typeof exerciseSchema>;

import type { Drawing } from '../path/drawing.ts';
import type { Plan } from '../plan/plan.ts';
import type { Difference } from './difference.ts';
import type { RunAnswer, RunDocument } from './run-document.ts';

/** The last request that `lab path` followed. */
export interface KeptPath {
  title: string;
  /** The answer, and whether the path is as planned: lines of text. */
  result: string;
  drawing: Drawing;
}

/** A part of the last `lab up` or `lab run` that ended. */
export interface DoneStage {
  text: string;
  seconds: number;
}

/** All that a report tells, whatever its format. */
export interface LabReport {
  plan: Plan;
  run: RunDocument;
  stages: DoneStage[];
  path: KeptPath | undefined;
  /** What is otherwise than in an earlier run, with the name of the file that has it. */
  against?: { file: string; difference: Difference } | undefined;
}

/** The answers of each service, in the order in which the services were asked. */
export function answersByService({
  answers,
}: Pick<RunDocument, 'answers'>): { service: string; answers: RunAnswer[] }[] {
  const names = [...new Set(answers.map(({ service }) => service))];
  return names.map((service) => ({ service, answers: answers.filter((one) => one.service === service) }));
}

/** How many requests a real server answered, over all services. */
export function answersOfServer({ answers }: Pick<RunDocument, 'answers'>, server: string): number {
  return answers.filter((one) => one.server === server).length;
}

/**
 * What the last command that brought the lab up has done, from the lines of events.jsonl. A line that cannot be read tells
 * nothing: the command may have been killed while it wrote.
 */
export function doneStages(text: string): DoneStage[] {
  const events = text.split('\n').flatMap((line) => {
    try {
      return [{ ...(JSON.parse(line) as { type?: string; stage?: string; text?: unknown; seconds?: unknown }) }];
    } catch {
      return [];
    }
  });
  const begun = events.findLastIndex(({ type, stage }) => type === 'stage-start' && stage === 'machines');
  return events.slice(Math.max(0, begun)).flatMap(({ type, text: what, seconds }) => {
    return type === 'stage-done' && typeof what === 'string' && typeof seconds === 'number'
      ? [{ text: what, seconds }]
      : [];
  });
}

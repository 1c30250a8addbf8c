import { z } from 'zod';
import { LabFileError } from '../errors.ts';
import { type Step, stepsOf } from '../experiment/experiment.ts';
import { step } from '../experiment/schema/step.ts';
import type { SimulatedConnection } from '../ipvs/oracle/simulate.ts';
import { simulate } from '../ipvs/oracle/simulate.ts';
import { schemaProblems } from '../model/reading/schema-problems.ts';
import type { Source } from '../model/reading/source.ts';
import { nicOn, type Plan, type PlannedService, theNode } from '../plan/plan.ts';
import type { Answer } from './answers.ts';
import { type Exercise, exerciseFileKeys } from './exercise.ts';
import { filled } from './placeholders.ts';
import type { WrittenAnswer } from './schema.ts';

/** The words of an answer. Which real server gets a request, and how many each gets, is computed by the kernel's scheduler. */
export function answerOf({ is, sum, picks, shares }: WrittenAnswer, plan: Plan): Answer {
  if (picks) return picksOf(plan, picks).map((server) => server ?? 'none');
  if (shares) {
    const all = picksOf(plan, shares);
    return serviceOf(plan).destinations.map(({ server }) => all.filter((one) => one === server).length);
  }
  if (sum) return [sum.reduce((all, one) => all + one, 0)];
  return [is ?? []].flat();
}

/** A client's ports, of which schedulers with a hash of the port make something. */
const firstPort = 20_000;

function picksOf(plan: Plan, wish: NonNullable<WrittenAnswer['picks']>): (string | undefined)[] {
  const { count, scheduler, reversed = false, held = false, from } = wish;
  const service = serviceOf(plan);
  const servers = service.destinations.map(({ server, address, port, weight, uthreshold, lthreshold }) => {
    return { name: server, address, port, weight, upper: uthreshold, lower: lthreshold };
  });
  const client = from ?? nicOn(theNode(plan, 'client'), 'front').address;
  const connections = Array.from({ length: count }, (_, at): SimulatedConnection => {
    return { client, clientPort: firstPort + at, held };
  });
  return simulate(
    {
      vip: service.vip,
      scheduler: scheduler ?? service.scheduler,
      flags: service.flags,
      servers: reversed ? [...servers].reverse() : servers,
    },
    connections,
  );
}

function serviceOf(plan: Plan): PlannedService {
  const [service] = plan.services;
  if (!service) throw new Error('a lab without a service');
  return service;
}

/** The right answers of all tasks that are answered, by their ids. */
export function rightAnswers({ tasks }: Exercise, plan: Plan): Record<string, Answer> {
  return Object.fromEntries(
    tasks.flatMap((task) => (task.kind === 'answered' ? [[task.id, answerOf(task.answer, plan)] as const] : [])),
  );
}

/** The words of each mistake of a task; undefined for one that is seen in the lab. */
export function wrongAnswers({ mistakes }: Exercise['tasks'][number], plan: Plan): (Answer | undefined)[] {
  return mistakes.map(({ answer }) => (answer ? answerOf(answer, plan) : undefined));
}

/** The steps by which machines say the same. @throws LabFileError */
export function proofOf(
  { proof, values }: Exercise,
  right: Record<string, Answer>,
  source: Source,
  file: string,
): Step[] {
  const { value, problems } = filled(proof, { ...values, right }, ['proof'], source.lineOf);
  if (problems.length > 0) throw new LabFileError(file, problems);
  const parsed = z.array(step).safeParse(value);
  if (parsed.success) return stepsOf(parsed.data, ['proof']);
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['proof', ...issue.path] }));
  throw new LabFileError(file, schemaProblems(issues as z.core.$ZodIssue[], source, exerciseFileKeys));
}

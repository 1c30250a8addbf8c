import { answersByService, answersOfServer } from './lab-report.ts';
import type { RunCheck, RunDocument } from './run-document.ts';

/** How a check ended; `absent` where a run did not have it. */
export type CheckEnd = 'passed' | 'warning' | 'failed' | 'absent';

/** What is otherwise in one run than in another. Everything that is the same in both is left out. */
export interface Difference {
  /** The values of both runs: lab, provider, kernel of the director, verdict. */
  facts: { fact: 'lab' | 'provider' | 'kernel' | 'verdict'; before: string; now: string }[];
  checks: { id: string; service: string | undefined; before: CheckEnd; now: CheckEnd; observed: string }[];
  /** Requests that each real server answered. */
  answers: { service: string; server: string; before: number; now: number }[];
  /** Causes that the diagnosis names in one run alone. */
  causes: { id: string; node: string; what: string; now: boolean }[];
  /** Seconds. They differ from run to run. */
  seconds: { part: 'up' | 'provision' | 'verify' | 'total'; before: number; now: number }[];
}

export function differenceOf(before: RunDocument, now: RunDocument): Difference {
  return {
    facts: facts(before, now),
    checks: checks(before.checks, now.checks),
    answers: answers(before, now),
    causes: [...causes(now, before, true), ...causes(before, now, false)],
    seconds: (['up', 'provision', 'verify', 'total'] as const).flatMap((part) => {
      const [then, today] = [before.seconds[part], now.seconds[part]];
      return then === undefined || today === undefined ? [] : [{ part, before: then, now: today }];
    }),
  };
}

/** Whether both runs found the same; how long they took does not count. */
export function isSame({ facts, checks, answers, causes }: Difference): boolean {
  return [facts, checks, answers, causes].every((some) => some.length === 0);
}

function facts(before: RunDocument, now: RunDocument): Difference['facts'] {
  const of = ({ lab, provider, kernel, ok }: RunDocument) => ({
    lab,
    provider,
    kernel: kernel ?? '–',
    verdict: ok ? 'passed' : 'failed',
  });
  const [then, today] = [of(before), of(now)];
  return (Object.keys(then) as (keyof typeof then)[]).flatMap((fact) =>
    then[fact] === today[fact] ? [] : [{ fact, before: then[fact], now: today[fact] }],
  );
}

function checks(before: readonly RunCheck[], now: readonly RunCheck[]): Difference['checks'] {
  const keyOf = ({ id, service = '' }: RunCheck) => `${id} ${service}`;
  const then = new Map(before.map((one) => [keyOf(one), one]));
  const today = new Map(now.map((one) => [keyOf(one), one]));
  return [...new Map([...today, ...then])].flatMap(([key, { id, service }]) => {
    const [one, other] = [then.get(key), today.get(key)];
    const ends = { before: endOf(one), now: endOf(other) };
    const { observed = '' } = other ?? one ?? {};
    return ends.before === ends.now ? [] : [{ id, service, ...ends, observed }];
  });
}

function endOf(check: RunCheck | undefined): CheckEnd {
  if (!check) return 'absent';
  if (!check.ok) return 'failed';
  return check.warning === null ? 'passed' : 'warning';
}

function answers(before: RunDocument, now: RunDocument): Difference['answers'] {
  const all = [...answersByService(now), ...answersByService(before)];
  return [...new Set(all.map(({ service }) => service))].flatMap((service) => {
    const of = (run: RunDocument) => ({ answers: run.answers.filter((one) => one.service === service) });
    const servers = [...of(now).answers, ...of(before).answers].flatMap(({ server }) => server ?? []);
    return [...new Set(servers)].sort().flatMap((server) => {
      const counts = { before: answersOfServer(of(before), server), now: answersOfServer(of(now), server) };
      return counts.before === counts.now ? [] : [{ service, server, ...counts }];
    });
  });
}

/** The causes that the first run names and the second does not. */
function causes(some: RunDocument, others: RunDocument, now: boolean): Difference['causes'] {
  const known = others.diagnosis?.causes ?? [];
  return (some.diagnosis?.causes ?? [])
    .filter(({ id, node }) => !known.some((one) => one.id === id && one.node === node))
    .map(({ id, node, what }) => ({ id, node, what, now }));
}

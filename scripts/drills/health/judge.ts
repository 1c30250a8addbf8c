import type { Check } from '../../checks/check.ts';
import { checkerLogs } from '../../checks/checker-log.ts';
import type { Hint } from '../../checks/hint.ts';
import { withoutTime } from '../../checks/looks/answered.ts';
import { countOf } from '../../count-of.ts';
import type { Health } from '../../model/lab.ts';
import { healthOf, type Plan, theNode } from '../../plan/plan.ts';
import { type LoadRequest, mostSlack, slackOf } from '../shared/load-requests.ts';
import { drilledService, hasAskedPages, losesQuorum } from './drilled.ts';
import { backBound, type HealthSeen, outBound } from './seen.ts';

/** Judges how the health checks took real servers out of the table and back. */
export function judgeHealth(plan: Plan, seen: HealthSeen): Check[] {
  const health = healthOf(plan);
  const asks = hasAskedPages(drilledService(plan));
  const slack = asks ? slackOf(seen.requests, seen.stoppedAt) : mostSlack;
  const checks = [
    takenOut(health, seen, outBound(health, slack), asks),
    ...(asks ? [losesQuorum(plan, seen.server) ? quorumLost(seen) : othersAnswer(seen)] : []),
    takenBack(seen, backBound(health, slack), asks),
    ...(seen.allOut ? [sorryAnswers(seen, seen.allOut)] : []),
  ];
  const hint = hintOf(plan);
  return checks.map((check) => (check.ok ? check : { ...check, hint }));
}

function takenOut({ quiescent }: Health, seen: HealthSeen, bound: number, asks: boolean): Check {
  const { server, secondsOut, stoppedAt, outAt } = seen;
  const until = between(seen, stoppedAt, outAt);
  return {
    id: 'health-out',
    title: `a real server that fails is ${quiescent ? 'quiesced' : 'taken out'}`,
    ok: secondsOut !== undefined && secondsOut <= bound,
    expected: `within ${bound} s`,
    observed:
      secondsOut === undefined
        ? `${server} stayed in the table`
        : `${server} was out after ${secondsOut.toFixed(1)} s${asks ? `; ${lost(until).length} of ${until.length} requests failed until then` : ''}`,
  };
}

function othersAnswer(seen: HealthSeen): Check {
  const { server, outAt, startedAt } = seen;
  const requests = between(seen, outAt, startedAt);
  const failed = lost(requests);
  const fromIt = requests.filter((one) => one.server === server).length;
  return {
    id: 'health-answers',
    title: 'while a real server is out, the others answer every request',
    ok: requests.length > 0 && failed.length === 0 && fromIt === 0,
    expected: 'no request fails, and that real server answers none',
    observed: `${countOf(requests.length, 'request')}, ${fromIt > 0 ? `${fromIt} answered by ${server}, ` : ''}${failed.length} failed${reasons(failed)}`,
  };
}

/** Too little weight is left, so the sorry server replaces the other real servers as well. */
function quorumLost(seen: HealthSeen): Check {
  const check = sorryAnswers(seen, { from: seen.outAt, to: seen.startedAt });
  return { ...check, id: 'health-answers', title: 'below the quorum the sorry server answers every request' };
}

function takenBack(seen: HealthSeen, bound: number, asks: boolean): Check {
  const { server, secondsBack, backAt, allOut } = seen;
  const answers =
    !asks || between(seen, backAt, allOut?.from ?? Number.POSITIVE_INFINITY).some((one) => one.server === server);
  return {
    id: 'health-back',
    title: 'a real server that works again is taken back',
    ok: secondsBack !== undefined && secondsBack <= bound && answers,
    expected: `within ${bound} s${asks ? ', and it answers requests' : ''}`,
    observed:
      secondsBack === undefined
        ? `${server} stayed out of the table`
        : `${server} was back after ${secondsBack.toFixed(1)} s${answers ? '' : ', and answered no request'}`,
  };
}

function sorryAnswers(seen: HealthSeen, { from, to }: { from: number; to: number }): Check {
  const requests = between(seen, from, to);
  const sorry = requests.filter(({ server }) => server === 'sorry').length;
  const others = [...new Set(requests.flatMap(({ server }) => (server && server !== 'sorry' ? server : [])))];
  return {
    id: 'sorry',
    title: 'with all real servers down, the sorry server answers',
    ok: requests.length > 0 && sorry === requests.length,
    expected: 'every request gets the sorry page',
    observed: `${sorry} of ${requests.length} requests got it${others.length > 0 ? `, ${others.join(' and ')} answered` : ''}${reasons(lost(requests))}`,
  };
}

function between({ requests }: HealthSeen, from: number, to: number): LoadRequest[] {
  return requests.filter(({ start }) => start >= from && start < to);
}

function lost(requests: readonly LoadRequest[]): LoadRequest[] {
  return requests.filter(({ server }) => server === undefined);
}

/** Up to three different errors. The same error may have taken different times. */
function reasons(requests: readonly LoadRequest[]): string {
  const errors = new Set(requests.map(({ error }) => withoutTime(error)));
  return errors.size > 0 ? `: ${[...errors].slice(0, 3).join('; ')}` : '';
}

function hintOf(plan: Plan): Hint {
  return {
    cause: `the log of ${healthOf(plan).by} shows what its health checks found`,
    commands: [...checkerLogs(plan), { on: theNode(plan, 'director').name, run: 'ipvsadm -Ln' }],
    see: [],
  };
}

import type { Check } from '../../checks/check.ts';
import { checkerLogs } from '../../checks/checker-log.ts';
import type { Hint } from '../../checks/hint.ts';
import { withoutTime } from '../../checks/looks/answered.ts';
import { type Plan, theNode } from '../../plan/plan.ts';
import { type LoadRequest, slackOf } from '../shared/load-requests.ts';
import { backBoundOf, boundOf, type HealthSeen } from './seen.ts';

/** What the health checks made of failures: judged without I/O. */
export function judgeHealth(plan: Plan, seen: HealthSeen): Check[] {
  const hint = hintOf(plan);
  const slack = slackOf(seen.requests, seen.failed);
  const bound = boundOf(plan, slack);
  const backBound = backBoundOf(plan, slack);
  const between = (from: number, to: number) => seen.requests.filter(({ start }) => start >= from && start < to);
  const lost = (requests: readonly LoadRequest[]) => requests.filter(({ server }) => server === undefined);
  const during = between(seen.out, seen.mended);
  const noticed = between(seen.failed, seen.out);
  const after = between(seen.back, seen.allOut === undefined ? Number.POSITIVE_INFINITY : seen.allOut);
  const strangers = during.filter(({ server }) => server === seen.server).length;
  const checks: Check[] = [
    withHint(hint, {
      id: 'health-out',
      title: `a real server that fails is ${plan.health?.quiescent ? 'quiesced' : 'taken out'}`,
      ok: seen.secondsOut !== undefined && seen.secondsOut <= bound,
      expected: `within ${bound} s`,
      observed:
        seen.secondsOut === undefined
          ? `${seen.server} stays`
          : `${seen.server} after ${seen.secondsOut.toFixed(1)} s, ${lost(noticed).length} of ${noticed.length} requests failed until then`,
    }),
    withHint(hint, {
      id: 'health-answers',
      title: 'without it every request is answered',
      ok: during.length > 0 && lost(during).length === 0 && strangers === 0,
      expected: 'no request fails, none is answered by it',
      observed: `${during.length} requests, ${lost(during).length} failed${reasons(lost(during))}`,
    }),
    withHint(hint, {
      id: 'health-back',
      title: 'mended, it is taken in again',
      ok:
        seen.secondsBack !== undefined &&
        seen.secondsBack <= backBound &&
        after.some(({ server }) => server === seen.server),
      expected: `within ${backBound} s, and it answers again`,
      observed:
        seen.secondsBack === undefined
          ? `${seen.server} stays out`
          : `${seen.server} after ${seen.secondsBack.toFixed(1)} s`,
    }),
  ];
  if (seen.allOut !== undefined && seen.allMended !== undefined) {
    const alone = between(seen.allOut, seen.allMended);
    const sorry = alone.filter(({ server }) => server === 'sorry').length;
    const others = [...new Set(alone.flatMap(({ server }) => (server && server !== 'sorry' ? server : [])))];
    checks.push(
      withHint(hint, {
        id: 'sorry',
        title: 'when all have failed, the director is sorry',
        ok: alone.length > 0 && sorry === alone.length,
        expected: 'every request gets the sorry page',
        observed: `${sorry} of ${alone.length} requests did${others.length > 0 ? `, ${others.join(' and ')} answered` : ''}${reasons(lost(alone))}`,
      }),
    );
  }
  return checks;
}

/** Without how long each took, so that the same failure is said once. */
function reasons(requests: readonly LoadRequest[]): string {
  const said = new Set(requests.map(({ instead }) => withoutTime(instead)));
  return said.size > 0 ? `: ${[...said].slice(0, 3).join('; ')}` : '';
}

function hintOf(plan: Plan): Hint {
  return {
    cause: `the log of ${plan.health?.by} tells what its health checks found`,
    commands: [...checkerLogs(plan), { on: theNode(plan, 'director').name, run: 'ipvsadm -Ln' }],
    see: [],
  };
}

function withHint(hint: Hint, check: Check): Check {
  return check.ok ? check : { ...check, hint };
}

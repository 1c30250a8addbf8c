import type { Check } from '../../checks/check.ts';
import { checkerLogs } from '../../checks/checker-log.ts';
import type { Hint } from '../../checks/hint.ts';
import type { Plan } from '../../plan/plan.ts';
import type { LoadSeen, Period } from './seen.ts';

/** How far the share of requests may be above the share of weight, both as parts of 1. */
const tolerance = 0.15;

/** Judges whether weight and requests of a real server followed the load of its CPU. */
export function judgeLoad(plan: Plan, seen: LoadSeen): Check {
  const { server, calm, busy, bound, secondsDown, secondsBack, weightBack } = seen;
  const [calmShare, busyShare] = [shareOf(seen, calm), shareOf(seen, busy)];
  // The requests keep the other real servers of a slow computer busy, too, and their weights fall as well.
  const byWeights = mean(busy.weights.map((weights) => (weights.get(server) ?? 0) / sum([...weights.values()])));
  const inTime = (seconds: number | undefined) => seconds !== undefined && seconds <= bound;
  const ok = inTime(secondsDown) && inTime(secondsBack) && calmShare > 0 && busyShare <= byWeights + tolerance;
  const lastWeight = ({ weights }: Period) => weights.at(-1)?.get(server) ?? 0;
  const weights = `weight ${lastWeight(calm)} → ${lastWeight(busy)}`;
  const shares = `share ${percent(calmShare)} → ${percent(busyShare)} (${percent(byWeights)} by the weights)`;
  const back = inTime(secondsBack) ? `back at ${weightBack} after ${secondsBack?.toFixed(1)} s` : 'and it stayed low';
  return {
    id: 'load-weights',
    title: 'a busy CPU lowers the weight of a real server, and its share of requests',
    ok,
    expected: `half the weight within ${bound} s, a share of requests that fits the weights, and back`,
    observed: `${server} ${weights}, ${shares}; ${back}`,
    ...(!ok && { hint: hintOf(plan) }),
  };
}

/** The part of the answers that came from the busy real server; NaN without answers. */
function shareOf({ server, requests }: LoadSeen, { from, to }: Period): number {
  const answers = requests.filter((one) => one.start >= from && one.start < to && one.server !== undefined);
  return answers.filter((one) => one.server === server).length / answers.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'no answers' : `${Math.round(share * 100)} %`;
}

function hintOf(plan: Plan): Hint {
  return {
    cause: 'keepalived takes the weight from the exit code of /etc/keepalived/weigh, and logs each change',
    commands: checkerLogs(plan),
    see: [],
  };
}

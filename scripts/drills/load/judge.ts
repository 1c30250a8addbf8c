import type { Check } from '../../checks/check.ts';
import { checkerLogs } from '../../checks/checker-log.ts';
import type { Hint } from '../../checks/hint.ts';
import type { Plan } from '../../plan/plan.ts';
import { type LoadSeen, loadBound, type Spell } from './seen.ts';

/** By so much, as a part of all requests, the share may be above the one that the weights give. */
const tolerance = 0.15;

/** What became of the weight and the requests of a real server while its CPU was busy: judged without I/O. */
export function judgeLoad(plan: Plan, seen: LoadSeen): Check {
  const { server, calm, busy, secondsDown, secondsBack, weightBack } = seen;
  const bound = loadBound(plan.health?.interval ?? 0);
  const share = ({ from, to }: Spell) => {
    const answers = seen.requests.filter((one) => one.start >= from && one.start < to && one.server !== undefined);
    return answers.filter((one) => one.server === server).length / answers.length;
  };
  const [calmShare, busyShare] = [share(calm), share(busy)];
  // On a slow computer the others are soon busy as well, with its requests: their weights fall too.
  const byWeights = mean(busy.weights.map((weights) => (weights.get(server) ?? 0) / sum([...weights.values()])));
  const inTime = (seconds: number | undefined) => seconds !== undefined && seconds <= bound;
  const ok = inTime(secondsDown) && inTime(secondsBack) && calmShare > 0 && busyShare <= byWeights + tolerance;
  const lastWeight = ({ weights }: Spell) => weights.at(-1)?.get(server) ?? 0;
  const weights = `weight ${lastWeight(calm)} → ${lastWeight(busy)}`;
  const back = inTime(secondsBack) ? `back at ${weightBack} after ${secondsBack?.toFixed(1)} s` : 'and so it stays';
  return {
    id: 'load-weights',
    title: 'the weight of a real server with a busy CPU falls, and its requests follow',
    ok,
    expected: `half its weight within ${bound} s, and the share of the requests that the weights give; then back`,
    observed: `${server} ${weights}, share ${percent(calmShare)} → ${percent(busyShare)} (${percent(byWeights)} by the weights); ${back}`,
    ...(!ok && { hint: hintOf(plan) }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'of nothing' : `${Math.round(share * 100)} %`;
}

function hintOf(plan: Plan): Hint {
  return {
    cause:
      'keepalived takes the exit code of /etc/keepalived/weigh, less two, for the weight; its log tells each change',
    commands: checkerLogs(plan),
    see: [],
  };
}

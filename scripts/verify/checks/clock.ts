import type { Plan } from '../../plan/plan.ts';
import { type Check, type Judge, listed } from '../check.ts';
import { type ClockSeen, clockBound, clockTolerance, type WrongClockSeen } from '../clock-seen.ts';

/** The real servers' clocks are the director's. */
export const clocksAreRight: Judge = (plan, { realServers }) => {
  if (plan.clock.length === 0) return [];
  const seen = plan.clock.map((client) => ({ ...client, seen: realServers.get(client.node)?.clock }));
  const bad = seen.filter(({ source, seen }) => !seen || !isRight(seen, source));
  const ok = bad.length === 0;
  const sources = [...new Set(plan.clock.map(({ source }) => source))];
  const furthest = Math.max(...seen.map((one) => one.seen?.offset ?? 0));
  return [
    {
      id: 'clock',
      title: 'real servers take the time from the director',
      ok,
      expected: `synchronised to ${sources.join(' or ')}, less than ${clockTolerance} s off`,
      observed: ok
        ? `${listed(seen.map(({ node }) => node))} by ${sources.join(' or ')}, ${furthest.toFixed(3)} s off at most`
        : bad.map(({ node, seen }) => `${node}: ${said(seen)}`).join('; '),
      ...(!ok && { hint: bad.map((one) => hintOf(plan, one.node, one.source, one.seen)).join('; ') }),
    },
  ];
};

function isRight({ source, synchronised, selected, offset }: ClockSeen, expected: string): boolean {
  return source === expected && synchronised && selected && offset < clockTolerance;
}

function said(seen: ClockSeen | undefined): string {
  if (!seen) return 'not looked at';
  if (seen.error) return seen.error;
  if (!seen.synchronised || !seen.source) return 'not synchronised';
  return `by ${seen.source}${seen.selected ? '' : ', which is silent'}, ${seen.offset.toFixed(3)} s off`;
}

function hintOf({ lab }: Plan, node: string, source: string, seen: ClockSeen | undefined): string {
  if (seen?.error)
    return `chrony is down on ${node}: lab ssh ${lab} ${node} -- systemctl start chrony; or lab up ${lab}`;
  return `${node} gets no answer from ${source}, or goes by somebody else: lab ssh ${lab} director -- systemctl status chrony; lab ssh ${lab} ${node} -- chronyc -n sources`;
}

/** What became of a clock that was set wrong by a minute. */
export function judgeWrongClock({ lab, clock }: Plan, { node, ahead, mended, offset }: WrongClockSeen): Check {
  const wrong = `${node} was ${ahead.toFixed(1)} s ahead`;
  const off = offset === undefined ? 'the director does not tell how far it is off' : `${offset.toFixed(3)} s off`;
  const ok =
    ahead > 1 && mended !== undefined && mended <= clockBound && offset !== undefined && offset < clockTolerance;
  const source = clock.find((one) => one.node === node)?.source;
  return {
    id: 'clock-mended',
    title: 'a clock that is set wrong comes right',
    ok,
    expected: `within ${clockBound} s, less than ${clockTolerance} s off the director's`,
    observed:
      mended === undefined
        ? `${wrong}, and stayed so for ${clockBound} s`
        : `${wrong}, right again after ${mended.toFixed(1)} s (${off})`,
    ...(!ok && {
      hint: `chrony on ${node} must be told by ${source} and may set the clock (makestep): lab ssh ${lab} ${node} -- journalctl -u chrony; lab ssh ${lab} director -- systemctl status chrony; or lab up ${lab}`,
    }),
  };
}

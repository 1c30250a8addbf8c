import type { Plan } from '../../plan/plan.ts';
import { type Judge, listed } from '../check.ts';
import { type ClockSeen, clockTolerance } from '../clock-seen.ts';

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

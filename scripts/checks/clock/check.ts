import type { Plan } from '../../plan/plan.ts';
import { listed } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type ClockSeen, clockLook } from './look.ts';

/** Seconds that a clock may differ from the director's; from there on chrony sets it. */
export const clockTolerance = 0.1;

/** The real servers' clocks are the director's. */
const judge: Judge = (plan, seen) => {
  if (plan.clock.length === 0) return [];
  const clocks = plan.clock.map((client) => ({ ...client, seen: seen.of(clockLook, client.node) }));
  const bad = clocks.filter(({ source, seen }) => !isRight(seen, source));
  const ok = bad.length === 0;
  const sources = [...new Set(plan.clock.map(({ source }) => source))];
  const furthest = Math.max(...clocks.map((one) => one.seen.offset));
  return [
    {
      title: 'real servers take the time from the director',
      ok,
      expected: `synchronised to ${sources.join(' or ')}, less than ${clockTolerance} s off`,
      observed: ok
        ? `${listed(clocks.map(({ node }) => node))} by ${sources.join(' or ')}, ${furthest.toFixed(3)} s off at most`
        : bad.map(({ node, seen }) => `${node}: ${inWords(seen)}`).join('; '),
      ...(!ok && { hint: bad.map((one) => hintOf(plan, one.node, one.source, one.seen)).join('; ') }),
    },
  ];
};

function isRight({ source, synchronised, selected, offset }: ClockSeen, expected: string): boolean {
  return source === expected && synchronised && selected && offset < clockTolerance;
}

function inWords(seen: ClockSeen): string {
  if (seen.error) return seen.error;
  if (!seen.synchronised || !seen.source) return 'not synchronised';
  return `by ${seen.source}${seen.selected ? '' : ', which is silent'}, ${seen.offset.toFixed(3)} s off`;
}

function hintOf({ lab }: Plan, node: string, source: string, { error }: ClockSeen): string {
  if (error) return `chrony is down on ${node}: lab ssh ${lab} ${node} -- systemctl start chrony; or lab up ${lab}`;
  return `${node} gets no answer from ${source}, or goes by somebody else: lab ssh ${lab} director -- systemctl status chrony; lab ssh ${lab} ${node} -- chronyc -n sources`;
}

export const clock: CheckKind = {
  id: 'clock',
  about: 'real servers that take the time from the director are synchronised to it',
  faults: [],
  looks: [clockLook],
  judge,
};

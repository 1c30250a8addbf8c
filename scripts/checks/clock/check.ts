import { type Plan, theNode } from '../../plan/plan.ts';
import { listed } from '../check.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import { type ClockSeen, clockLook } from './look.ts';

/** Seconds by which a clock may differ from the director's. When it differs more, chrony sets it at once. */
export const clockTolerance = 0.1;

const judge: Judge = (plan, seen) => {
  if (plan.clock.length === 0) return [];
  const clocks = plan.clock.map((client) => ({ ...client, seen: seen.of(clockLook, client.node) }));
  const bad = clocks.filter(({ source, seen }) => !isRight(seen, source));
  const ok = bad.length === 0;
  const [first] = bad;
  const sources = [...new Set(plan.clock.map(({ source }) => source))];
  const furthest = Math.max(...clocks.map((one) => one.seen.offset));
  return [
    {
      title: 'real servers take the time from the director',
      ok,
      expected: `synchronised to ${sources.join(' or ')}, less than ${clockTolerance} s off`,
      observed: ok
        ? `${listed(clocks.map(({ node }) => node))}, at most ${furthest.toFixed(3)} s off`
        : bad.map(({ node, seen }) => `${node}: ${inWords(seen)}`).join('; '),
      ...(first && { hint: hintOf(plan, first.node, first.source, first.seen) }),
    },
  ];
};

function isRight({ source, synchronised, selected, offset }: ClockSeen, expected: string): boolean {
  return source === expected && synchronised && selected && offset < clockTolerance;
}

function inWords(seen: ClockSeen): string {
  if (seen.error) return seen.error;
  if (!seen.synchronised || !seen.source) return 'not synchronised';
  return `time from ${seen.source}${seen.selected ? '' : ', which no longer answers'}, ${seen.offset.toFixed(3)} s off`;
}

function hintOf(plan: Plan, node: string, expected: string, { error, source, selected }: ClockSeen): Hint {
  if (error) {
    const start = { on: node, run: 'systemctl start chrony' };
    return { cause: `chronyc gets no answer from chrony on ${node}`, commands: [up(plan), start], see: [] };
  }
  const what =
    source === undefined
      ? `has not taken the time from ${expected}`
      : source !== expected
        ? `follows ${source}, not ${expected}`
        : selected
          ? 'has not set the clock yet'
          : `no longer gets an answer from ${expected}`;
  return {
    cause: `chrony on ${node} ${what}`,
    commands: [
      { on: node, run: 'chronyc -n sources' },
      { on: theNode(plan, 'director').name, run: 'systemctl status chrony' },
    ],
    see: [],
  };
}

export const clock: CheckKind = {
  id: 'clock',
  about: 'real servers that take the time from the director are synchronised to it',
  faults: ['clock-daemon-down'],
  looks: [clockLook],
  judge,
};

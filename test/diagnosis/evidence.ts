import type { Check } from '../../scripts/checks/check.ts';
import type { Evidence } from '../../scripts/diagnosis/evidence.ts';
import type { Plan } from '../../scripts/plan/plan.ts';
import { differences, type StateEntry } from '../../scripts/state/state.ts';
import { tell } from '../../scripts/state/tell.ts';

export interface Ill {
  /** Facts of each node: what they were, and what they are. */
  states?: Record<string, [before: StateEntry[], after: StateEntry[]]>;
  /** Ids of the checks that failed. */
  failed?: string[];
  /** Real servers that do not answer. */
  silent?: string[];
  /** Ids of the checks that warn. */
  warned?: string[];
  ends?: Evidence['ends'];
  lines?: Evidence['lines'];
  clocks?: Evidence['clocks'];
}

export function evidenceOf(
  plan: Plan,
  { states = {}, failed = [], warned = [], silent = [], ends = [], lines, clocks }: Ill,
): Evidence {
  return {
    plan,
    checks: [
      ...failed.map((id): Check => ({ id, title: id, ok: false, expected: '', observed: '' })),
      ...warned.map((id): Check => ({ id, title: id, ok: true, warning: 'slow', expected: '', observed: '' })),
    ],
    ends,
    hurt: silent,
    states: new Map(
      Object.entries(states).map(([node, [before, after]]) => [
        node,
        {
          before,
          after,
          differences: differences(node, before, after),
          told: tell(node, before, after),
          unread: [],
          recorded: '2026-01-31T12:00:00.000Z',
        },
      ]),
    ),
    ...(lines && { lines }),
    ...(clocks && { clocks }),
  };
}

export function fact(section: string, key: string, value = ''): StateEntry {
  return { section, key, value };
}

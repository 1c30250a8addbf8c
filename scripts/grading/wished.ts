import type { SubmittedNode } from '../exercise/submission.ts';
import { isReadable, type ReadPlan } from '../state/readable.ts';
import type { StateEntry } from '../state/state.ts';

type Difference = SubmittedNode['differences'][number];

/** Whether a fact comes and goes by itself: the kernel makes a route to an IPv6 address of its own when it has found it to be free. */
function isPassing({ section, key, before, after }: Difference): boolean {
  if (section === 'link') return key.endsWith(' carrier');
  if (section === 'route') return key.includes(':') && `${before ?? after}`.startsWith('local proto kernel');
  return ['busy', 'memory', 'disk'].includes(section);
}

/** Whether a fact is one that the kit could have read: a submission may have been made by anything. */
function couldBeRead({ section, key, before, after }: Difference, plan: ReadPlan): boolean {
  return isReadable({ section, key, value: after ?? before ?? '' }, plan);
}

/** The state that a student's machine had. */
export interface Wished {
  entries: StateEntry[];
  /** What of the submission no state can have. */
  impossible: Difference[];
}

/**
 * The state to which a fresh machine is to be brought: its own, with what the student has changed. What the differences say of the
 * state before is not looked at, because the machine is another one.
 */
export function wished(fresh: readonly StateEntry[], submitted: readonly Difference[], plan: ReadPlan): Wished {
  const idOf = ({ section, key }: Pick<StateEntry, 'section' | 'key'>) => `${section}\n${key}`;
  const entries = new Map(fresh.map((one) => [idOf(one), one]));
  const impossible: Difference[] = [];
  for (const difference of submitted) {
    const { section, key, after } = difference;
    if (isPassing(difference)) continue;
    if (!couldBeRead(difference, plan)) impossible.push(difference);
    else if (after === undefined) entries.delete(idOf(difference));
    else entries.set(idOf(difference), { section, key, value: after });
  }
  return { entries: [...entries.values()], impossible };
}

/** What comes and goes by itself is no difference. */
export function lasting<T extends Difference>(all: readonly T[]): T[] {
  return all.filter((one) => !isPassing(one));
}

import { countOf } from '../count-of.ts';
import { printable } from '../printable.ts';
import type { StateEntry } from '../state/state.ts';

/** How many are named. */
const most = 3;

/** The first line of a key, cut to fit a line of the report, with ? in place of control characters. */
function shortKey(key: string): string {
  const first = printable(key.split('\n')[0] ?? '');
  return first.length > 50 ? `${first.slice(0, 49)}…` : first;
}

/** `address lo 10.0.0.9/32, process myd`: some of them, where they are many. */
export function someNames(all: readonly Pick<StateEntry, 'section' | 'key'>[]): string {
  const names = all.slice(0, most).map(({ section, key }) => `${printable(section)} ${shortKey(key)}`);
  return [...names, ...(all.length > most ? ['…'] : [])].join(', ');
}

/** `rs1: 2 things are not as the student left them: address lo 10.0.0.9/32, process myd`; undefined where all are. */
export function leftSentence(node: string, left: readonly Pick<StateEntry, 'section' | 'key'>[]): string | undefined {
  if (left.length === 0) return undefined;
  const [are, them] = left.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${node}: ${countOf(left.length, 'thing')} ${are} not as the student left ${them}: ${someNames(left)}`;
}

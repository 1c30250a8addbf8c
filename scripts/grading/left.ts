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

type Fact = Pick<StateEntry, 'section' | 'key'>;

/**
 * What of a submission a machine does not have, a sentence for each reason: `rs1: 2 things are not as the student left them, because the
 * kit has no command for them: process myd, process other`.
 * @param unread what no state can have, because the kit does not read it
 * @param left what differs when all commands were run, each with its command
 */
export function leftSentences(
  node: string,
  unread: readonly Fact[],
  left: readonly (Fact & { undo: string | undefined })[],
): string[] {
  const has = (command: boolean) => left.filter(({ undo }) => (undo !== undefined) === command);
  return [
    ...sentence(node, unread, (them) => `because the kit does not read ${them}`),
    ...sentence(node, has(false), (them) => `because the kit has no command for ${them}`),
    ...sentence(node, has(true), (them) => `though the kit’s command for ${them} was run`),
  ];
}

function sentence(node: string, some: readonly Fact[], why: (them: string) => string): string[] {
  if (some.length === 0) return [];
  const [are, them] = some.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const head = `${node}: ${countOf(some.length, 'thing')} ${are} not as the student left ${them}`;
  return [`${head}, ${why(them ?? '')}: ${someNames(some)}`];
}

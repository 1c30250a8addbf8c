import type { StateEntry } from './state.ts';

/** The section of facts that say what of a state could not be read: the key is a section, the value says why. */
const unread = 'unread';

/** A fact that says that a section could not be read. */
export function unreadFact(section: string, why: string): StateEntry {
  return { section: unread, key: section, value: why };
}

/** Takes lines `@@unread TOOL CODE SECTION…` out of what a script printed, and makes facts of them. */
export function takeUnread(text: string): { text: string; facts: StateEntry[] } {
  const line = /^@@unread (\S+) (\d+) (.*)$/gm;
  const facts = [...text.matchAll(line)].flatMap(([, tool = '', code = '', names = '']) =>
    names.split(' ').map((section) => unreadFact(section, endOf(tool, Number(code)))),
  );
  return { text: text.replace(line, ''), facts };
}

function endOf(tool: string, code: number): string {
  if (code === 127) return `there is no ${tool}`;
  return `${tool} ended with exit code ${code}`;
}

/** Two states of a node without the sections that one of them lacks, and what these are, a sentence for each reason. */
export interface Comparable {
  before: StateEntry[];
  after: StateEntry[];
  unread: string[];
}

/** What could not be read is not gone: it is left out of both states. */
export function comparable(node: string, before: readonly StateEntry[], after: readonly StateEntry[]): Comparable {
  const missing = new Set([...before, ...after].flatMap(({ section, key }) => (section === unread ? [key] : [])));
  const known = ({ section }: StateEntry) => section !== unread && !missing.has(section);
  const then = unreadIn(before).map((one) => `when the state of ${node} was recorded, ${one}`);
  const now = unreadIn(after).map((one) => `on ${node}, ${one}`);
  return { before: before.filter(known), after: after.filter(known), unread: [...then, ...now] };
}

/** What of a state could not be read: a clause for each reason, such as `nft could not be read: there is no nft`. */
export function unreadIn(state: readonly StateEntry[]): string[] {
  const reasons = new Map<string, string>();
  for (const { section, key, value } of state) if (section === unread && !reasons.has(key)) reasons.set(key, value);
  return [...new Set(reasons.values())].map((why) => {
    const names = [...reasons].flatMap(([name, other]) => (other === why ? [name] : []));
    return `${names.join(', ')} could not be read: ${why}`;
  });
}

/** The state without what it says of itself. */
export function readIn(state: readonly StateEntry[]): StateEntry[] {
  return state.filter(({ section }) => section !== unread);
}

/** Whether a section of a state could not be read. */
export function lacks(state: readonly StateEntry[], name: string): boolean {
  return state.some(({ section, key }) => section === unread && key === name);
}

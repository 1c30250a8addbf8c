import { countOf } from '../count-of.ts';
import type { Submission, SubmittedNode } from '../exercise/submission.ts';
import { printable } from '../printable.ts';
import { longestValue } from '../state/longest.ts';
import { someNames } from './left.ts';
import { differenceSchema, longestLine, mostDifferences, mostUnread, submissionIn } from './submission-schema.ts';

type Difference = SubmittedNode['differences'][number];

/** A submission that whoever grades it accepts, and what was left out for that, a sentence each; or why there is none. */
export type Acceptable = { submission: Submission; left: string[] } | Unacceptable;

/** @param task the one whose answer is to blame */
export interface Unacceptable {
  wrong: string;
  task?: string;
}

/** A difference that is left out, and why. */
interface Left {
  one: Difference;
  why: string;
}

/**
 * What of a submission can be handed in. What a machine has need not fit: it is left out, and the submission says so. What a student
 * has typed is never changed.
 * @param most bytes of the file
 */
export function acceptable(wanted: Submission, most: number): Acceptable {
  const parts = wanted.nodes.map((node) => ({ node, ...divided(node) }));
  const rest = {
    ...wanted,
    nodes: wanted.nodes.map((node) => ({ ...node, differences: [], unread: lines(node.unread) })),
  };
  const room = most - seal - bytesOf(rest) - parts.length * roomForReasons;
  const long = longest(
    parts.flatMap(({ kept }) => kept),
    room,
  );
  const left: string[] = [];
  const nodes = parts.map(({ node, kept, out }): SubmittedNode => {
    const tooMuch = kept.filter((one) => long.has(one)).map((one): Left => ({ one, why: tooLarge(most) }));
    const reasons = sentences(node.node, [...out, ...tooMuch]);
    left.push(...reasons);
    return {
      node: node.node,
      unread: lines([...node.unread, ...reasons]),
      differences: kept.filter((one) => !long.has(one)),
    };
  });
  const submission = { ...wanted, nodes };
  return refusal(submission, most) ?? { submission, left };
}

/** Bytes of the seal. */
const seal = 100;

/** Bytes for what is said of one machine. */
const roomForReasons = 8192;

const tooLarge = (most: number) => `the file to hand in would be larger than ${most / 2 ** 20} MiB`;

/** Splits what differs on a machine into what can be handed in and what not. */
function divided({ differences }: SubmittedNode): { kept: Difference[]; out: Left[] } {
  const kept: Difference[] = [];
  const out: Left[] = [];
  for (const one of differences) {
    const why = objection(one) ?? (kept.length < mostDifferences ? undefined : tooMany);
    if (why === undefined) kept.push(one);
    else out.push({ one, why });
  }
  return { kept, out };
}

const tooMany = `only ${mostDifferences} of a machine can be handed in`;

function objection(one: Difference): string | undefined {
  const { success, error } = differenceSchema.safeParse(one);
  if (success) return undefined;
  const [issue] = error.issues;
  const isName = issue?.path[0] === 'key';
  if (issue?.code === 'too_big')
    return isName ? 'its name is too long' : `it is longer than ${longestValue} characters`;
  return `${isName ? 'its name has' : 'it has'} ${issue?.message}`;
}

/** The fewest differences without which the others fit, the longest first. */
function longest(all: readonly Difference[], room: number): Set<Difference> {
  const sizes = all.map((one) => ({ one, size: sizeOf(one) })).sort((a, b) => b.size - a.size);
  let total = sizes.reduce((sum, { size }) => sum + size, 0);
  const found = new Set<Difference>();
  for (const { one, size } of sizes) {
    if (total <= room) break;
    found.add(one);
    total -= size;
  }
  return found;
}

/** Bytes of a file without its seal, as host/state-file.ts writes it. */
function bytesOf(document: object): number {
  return Buffer.byteLength(JSON.stringify(document, null, 2));
}

/** Bytes of a difference in the file, where each of its lines is indented by eight blanks more. */
function sizeOf(one: Difference): number {
  const lineCount = Object.keys(one).length + 2;
  return bytesOf(one) + lineCount * 9 + 1;
}

/** A sentence for each reason: `on rs1, 1 thing is left out, because it has a NUL byte: file /etc/x`. */
function sentences(node: string, all: readonly Left[]): string[] {
  return [...new Set(all.map(({ why }) => why))].map((why) => {
    const same = all.flatMap((one) => (one.why === why ? [one.one] : []));
    const are = same.length === 1 ? 'is' : 'are';
    return `on ${node}, ${countOf(same.length, 'thing')} ${are} left out, because ${why}: ${someNames(same)}`;
  });
}

/** Not more lines than a submission may have, the last ones, and none that is too long or cannot be printed. */
function lines(all: readonly string[]): string[] {
  return all.slice(-mostUnread).map((one) => printable(one).slice(0, longestLine));
}

/** Why whoever grades would not accept a submission. */
function refusal(submission: Submission, most: number): Unacceptable | undefined {
  const read = submissionIn(JSON.parse(JSON.stringify(submission)));
  if ('wrong' in read) {
    const [, task] = /^answers\.([a-z0-9-]+)/.exec(read.wrong) ?? [];
    return { wrong: read.wrong.replace(/^\S+: /, ''), ...(task !== undefined && { task }) };
  }
  return bytesOf(submission) + seal > most ? { wrong: tooLarge(most) } : undefined;
}

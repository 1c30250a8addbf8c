import type { Diagnosis, Suspect } from './cause.ts';
import { ending, withEnds } from './causes/ending.ts';
import { causeKinds } from './causes/index.ts';
import { judged } from './causes/judged.ts';
import type { Evidence } from './evidence.ts';
import { type Open, openIn, scoreOf, without } from './open.ts';

/**
 * Finds out what is wrong with a lab, as far as the evidence shows it. First come causes whose harm was seen, and changes that are
 * known to do harm. Any other change counts as a cause only if it explains something that those do not explain.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const { suspects, strong, left } = firstLook(evidence);
  const weak = fitting(
    suspects.filter((one) => !isStrong(one)),
    left,
  );
  const last = without(left, weak).checks;
  const named = judged(evidence, last);
  const found = [...strong, ...weak, ...named];
  const hasFailed = evidence.checks.some(({ ok }) => !ok);
  const causes = hasFailed && found.length === 0 ? ending(evidence) : withEnds(found, evidence);
  const notes = suspects.filter((one) => ![...strong, ...weak].includes(one));
  const unexplained = last.map(({ id }) => id).filter((id) => !named.some(({ object }) => object === id));
  return { causes, notes: byProof(notes), unexplained: [...new Set(unexplained)] };
}

/**
 * Whether what was seen at work, or is known to do harm, explains every failed check and every real server that is hurt, and no two
 * such causes hurt the same one. Then the ends of requests need not be looked for, which takes long.
 */
export function isExplained(evidence: Evidence): boolean {
  const { strong, left } = firstLook(evidence);
  const rivals = evidence.hurt.some((server) => strong.filter(({ hurts }) => hurts.includes(server)).length > 1);
  return left.hurt.size === 0 && left.checks.every(({ ok }) => ok) && !rivals;
}

/** All suspects, those that count as causes in any case, and what these leave unexplained. */
function firstLook(evidence: Evidence): { suspects: Suspect[]; strong: Suspect[]; left: Open } {
  const suspects = causeKinds.flatMap((find) => find(evidence));
  const open = openIn(evidence);
  const strong = fitting(suspects.filter(isStrong), open);
  return { suspects, strong, left: without(open, strong) };
}

function isStrong({ proof }: Suspect): boolean {
  return proof === 'seen' || proof === 'harmful';
}

/** The suspects that explain something, the most likely first. */
function fitting(suspects: readonly Suspect[], open: Open): Suspect[] {
  return suspects
    .map((suspect) => ({ suspect, score: scoreOf(suspect, open) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ suspect }) => suspect);
}

function byProof(suspects: readonly Suspect[]): Suspect[] {
  const order = ['seen', 'harmful', 'differs', 'harmless'];
  return [...suspects].sort((one, other) => order.indexOf(one.proof) - order.indexOf(other.proof));
}

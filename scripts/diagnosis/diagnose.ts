import type { Diagnosis, Suspect } from './cause.ts';
import { ending, withEnds } from './causes/ending.ts';
import { causeKinds } from './causes/index.ts';
import { judged } from './causes/judged.ts';
import type { Evidence, PathEnd } from './evidence.ts';

/** Names what is wrong with a lab, as far as the evidence shows it. */
export function diagnose(evidence: Evidence): Diagnosis {
  const failed = new Set(evidence.checks.filter(({ ok }) => !ok).map(({ id }) => id));
  const warned = evidence.checks.filter(({ warning }) => warning !== undefined).map(({ id }) => id);
  const odd = new Set([...failed, ...warned]);
  const hurt = new Set(evidence.hurt);
  const ranked = causeKinds
    .flatMap((find) => find(evidence))
    .map((suspect) => ({ suspect, score: scoreOf(suspect, hurt, odd, evidence.ends ?? []) }))
    .sort((one, other) => other.score - one.score);
  const fitting = ranked.filter(({ score }) => score > 0).map(({ suspect }) => suspect);
  const explained = new Set(fitting.flatMap(({ explains }) => explains));
  const open = [...failed].filter((id) => !explained.has(id));
  // A known fault may make more checks fail than its file names.
  const known =
    open.length === 0
      ? []
      : ranked.flatMap(({ suspect, score }) => (score === 0 && suspect.proof === 'harmful' ? [suspect] : []));
  const named = known.length > 0 ? [] : judged(evidence, open);
  const unexplained = known.length > 0 ? [] : open.filter((id) => !named.some(({ object }) => object === id));
  // Where nothing fits what has failed, the place where a request ended is the best that there is, and what differs.
  const nothing = failed.size > 0 && [...fitting, ...known, ...named].length === 0;
  const last = nothing ? ranked.map(({ suspect }) => suspect).filter(({ proof }) => proof !== 'harmless') : [];
  const causes = [...fitting, ...known, ...named, ...(nothing ? ending(evidence) : []), ...last];
  const notes = ranked.map(({ suspect }) => suspect).filter((suspect) => !causes.some((cause) => cause === suspect));
  return { causes: withEnds(causes, evidence), notes, unexplained };
}

const proofScore = { seen: 6, harmful: 3, differs: 1, harmless: -9 } as const;

/** How well a suspect fits what was seen. Above 0 it explains something. */
function scoreOf(
  suspect: Suspect,
  hurt: ReadonlySet<string>,
  odd: ReadonlySet<string>,
  ends: readonly PathEnd[],
): number {
  const explained = suspect.explains.filter((id) => odd.has(id)).length;
  const fits = suspect.hurts.filter((server) => hurt.has(server)).length;
  const spared = suspect.hurts.length - fits;
  const aim = hurt.size === 0 || fits === 0 ? 0 : 3 - (2 * spared) / suspect.hurts.length;
  if (suspect.proof !== 'seen' && explained === 0 && fits === 0) return Math.min(0, proofScore[suspect.proof]);
  const ended = ends.some(({ node }) => node === suspect.node) ? 1 : 0;
  return proofScore[suspect.proof] + aim + ended + Math.min(3, 1.5 * explained);
}

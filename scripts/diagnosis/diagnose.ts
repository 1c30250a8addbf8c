import type { Diagnosis, Suspect } from './cause.ts';
import { causeKinds } from './causes/index.ts';
import { judged } from './causes/judged.ts';
import type { Evidence } from './evidence.ts';

/** Names what is wrong with a lab, as far as the evidence shows it. */
export function diagnose(evidence: Evidence): Diagnosis {
  const failed = new Set(evidence.checks.filter(({ ok }) => !ok).map(({ id }) => id));
  const hurt = hurtServers(evidence);
  const ranked = causeKinds
    .flatMap((find) => find(evidence))
    .map((suspect) => ({ suspect, score: scoreOf(suspect, hurt, failed) }))
    .sort((one, other) => other.score - one.score);
  const fitting = ranked.filter(({ score }) => score > 0).map(({ suspect }) => suspect);
  const explained = new Set(fitting.flatMap(({ explains }) => explains));
  const open = [...failed].filter((id) => !explained.has(id));
  const named = judged(evidence, open);
  const unexplained = open.filter((id) => !named.some(({ object }) => object === id));
  // Where nothing fits what has failed, what differs is the best that there is.
  const nothing = fitting.length === 0 && named.length === 0 && failed.size > 0;
  const last = nothing ? ranked.filter(({ suspect }) => suspect.proof !== 'harmless') : [];
  const causes = [...fitting, ...named, ...last.map(({ suspect }) => suspect)];
  const notes = ranked.map(({ suspect }) => suspect).filter((suspect) => !causes.some((cause) => cause === suspect));
  return { causes, notes, unexplained };
}

/** The real servers that requests were given to and that did not answer all of them. */
function hurtServers({ requests }: Evidence): Set<string> {
  return new Set(requests.flatMap(({ answered, given }) => (answered || given === undefined ? [] : [given])));
}

const proofScore = { seen: 6, harmful: 3, differs: 1, harmless: -9 } as const;

/** How well a suspect fits what was seen. Above 0 it explains something. */
function scoreOf(suspect: Suspect, hurt: ReadonlySet<string>, failed: ReadonlySet<string>): number {
  const explained = suspect.explains.filter((id) => failed.has(id)).length;
  const fits = suspect.hurts.filter((server) => hurt.has(server)).length;
  const spared = suspect.hurts.length - fits;
  const aim = hurt.size === 0 || fits === 0 ? 0 : 3 - (2 * spared) / suspect.hurts.length;
  const relevant = explained > 0 || fits > 0;
  return relevant
    ? proofScore[suspect.proof] + aim + Math.min(3, 1.5 * explained)
    : Math.min(0, proofScore[suspect.proof]);
}

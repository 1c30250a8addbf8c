import type { Check } from '../checks/check.ts';
import type { Suspect } from './cause.ts';
import type { Evidence, PathEnd } from './evidence.ts';
import { fitsLayer } from './layer.ts';

/** What has still to be explained. */
export interface Open {
  /** Real servers that left a request unanswered, were late, or answered short requests only. */
  hurt: ReadonlySet<string>;
  /** Checks that failed or warn. */
  checks: readonly Check[];
  ends: readonly PathEnd[];
}

/** Checks of the requests and their answers: any trouble of a real server can make them fail. */
const ofRequests = ['answers', 'large', 'pace', 'sequence', 'counted', 'fingerprint'];

export function openIn({ checks, hurt, ends = [] }: Evidence): Open {
  return { hurt: new Set(hurt), ends, checks: checks.filter(({ ok, warning }) => !ok || warning !== undefined) };
}

/** What these suspects do not explain. */
export function without(open: Open, suspects: readonly Suspect[]): Open {
  const hurt = new Set([...open.hurt].filter((server) => !suspects.some(({ hurts }) => hurts.includes(server))));
  const allFit = open.hurt.size > 0 && hurt.size === 0;
  const checks = open.checks.filter(
    (check) => !suspects.some((suspect) => explains(suspect, check)) && !(allFit && ofRequests.includes(check.id)),
  );
  return { ...open, hurt, checks };
}

/** Whether the suspect can make the check fail, or the hint of the check has a command for its node. */
function explains({ explains: ids, node }: Suspect, { id, hint }: Check): boolean {
  return ids.includes(id) || (hint?.commands.some((command) => 'on' in command && command.on === node) ?? false);
}

const proofScore = { seen: 6, harmful: 3, differs: 1, harmless: 0 } as const;

/** How well a suspect explains what is open. Above 0 it explains something. */
export function scoreOf(suspect: Suspect, open: Open): number {
  const explained = open.checks.filter((check) => explains(suspect, check)).length;
  const fits = suspect.hurts.filter((server) => open.hurt.has(server)).length;
  const ended = endsAt(suspect, open.ends).length > 0;
  if (suspect.proof === 'harmless' && !(ended && fits > 0)) return 0;
  if (suspect.proof !== 'seen' && explained === 0 && fits === 0) return 0;
  const spared = suspect.hurts.length - fits;
  const aim = fits === 0 ? 0 : 3 - (2 * spared) / suspect.hurts.length;
  return proofScore[suspect.proof] + aim + (ended ? 1 : 0) + Math.min(3, 1.5 * explained);
}

/** Requests that ended at the suspect's node, for a reason that fits the suspect's layer. */
export function endsAt({ node, layer }: Pick<Suspect, 'node' | 'layer'>, ends: readonly PathEnd[]): PathEnd[] {
  return ends.filter((end) => {
    return end.node === node && (end.drops.length === 0 || end.drops.some(({ reason }) => fitsLayer(reason, layer)));
  });
}

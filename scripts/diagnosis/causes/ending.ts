import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';

/** The places where requests ended, for a lab in which nothing explains that. */
export function ending({ ends = [] }: Evidence): Cause[] {
  return ends.map((end) => ({
    id: end.isLine ? 'line-loss' : 'packet-ends',
    node: end.node,
    layer: end.isLine ? 'line' : 'ip',
    object: end.service,
    what: `a request for ${end.service} ends here`,
    why: end.drops.length > 0 ? `the kernel dropped it: ${end.drops.join('; ')}` : '',
    evidence: [end.what],
    mend: [],
  }));
}

/** The same causes, each with what was seen of a request that ended at its node. */
export function withEnds(causes: readonly Cause[], { ends = [] }: Evidence): Cause[] {
  return causes.map((cause) => {
    const own = ends.filter(({ node }) => node === cause.node).flatMap(({ what, drops }) => [what, ...drops]);
    const more = own.filter((one) => !cause.evidence.includes(one)).slice(0, 2);
    return { ...cause, evidence: [...cause.evidence, ...more] };
  });
}

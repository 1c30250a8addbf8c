import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { layersOf } from '../layer.ts';
import { endsAt } from '../open.ts';

/** The places where requests ended, for a lab in which no cause explains that. */
export function ending({ ends = [] }: Evidence): Cause[] {
  return ends.map((end) => ({
    id: end.isLine ? 'line-loss' : 'packet-ends',
    node: end.node,
    layer: end.isLine ? 'line' : (end.drops.flatMap(({ reason }) => layersOf(reason))[0] ?? 'ip'),
    object: end.service,
    what: `a request for ${end.service} ends here${end.isLine ? ', on the line to the network' : ''}`,
    why: end.drops.map(({ text }) => text).join('; '),
    evidence: [end.what],
    mend: [],
  }));
}

/** The same causes. The first cause of a node also says what was seen of requests that ended there, if that fits its layer. */
export function withEnds(causes: readonly Cause[], { ends = [] }: Evidence): Cause[] {
  return causes.map((cause, at) => {
    const isFirst = causes.findIndex(({ node }) => node === cause.node) === at;
    const own = isFirst
      ? endsAt(cause, ends).flatMap(({ what, drops }) => [what, ...drops.map(({ text }) => text)])
      : [];
    const more = [...new Set(own)].filter((one) => !cause.evidence.includes(one)).slice(0, 2);
    return { ...cause, evidence: [...cause.evidence, ...more] };
  });
}

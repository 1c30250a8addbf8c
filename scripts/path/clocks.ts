import type { Signed } from './assemble.ts';

/** What a node sent and what reached it, by its own clock. */
interface View {
  node: string;
  network: string;
  sent: readonly Signed[];
  reached: readonly Signed[];
}

/**
 * By how many microseconds the clock of each node is ahead of the first node's. Of the frames between two nodes the quickest one
 * of each direction took about the same time: half of the difference between these two is the difference between the clocks. Where
 * frames went in one direction alone, the quickest counts as having taken no time.
 */
export function clocksOf(views: readonly View[]): Map<string, number> {
  const [first] = views;
  const ahead = new Map<string, number>(first ? [[first.node, 0]] : []);
  for (const node of ahead.keys()) {
    for (const { node: other } of views) {
      if (ahead.has(other)) continue;
      const by = difference(views, node, other);
      if (by !== undefined) ahead.set(other, (ahead.get(node) ?? 0) + by);
    }
  }
  return ahead;
}

function difference(views: readonly View[], one: string, other: string): number | undefined {
  const there = quickest(views, one, other);
  const back = quickest(views, other, one);
  if (there !== undefined && back !== undefined) return (there - back) / 2;
  return there ?? (back === undefined ? undefined : -back);
}

/** The least difference of times of a frame between the clocks of its sender and its receiver; undefined without such a frame. */
function quickest(views: readonly View[], from: string, to: string): number | undefined {
  const times = views
    .filter(({ node }) => node === from)
    .flatMap(({ network, sent }) => {
      const arrived = new Map<string, number[]>();
      for (const view of views) {
        if (view.node !== to || view.network !== network) continue;
        for (const { sign, time } of view.reached) arrived.set(sign, [...(arrived.get(sign) ?? []), time]);
      }
      return sent.flatMap(({ sign, time }) => {
        const arrival = arrived.get(sign)?.shift();
        return arrival === undefined ? [] : [arrival - time];
      });
    });
  return times.length > 0 ? Math.min(...times) : undefined;
}

import type { Signed } from './assemble.ts';

/** What a node sent and what reached it, by its own clock. */
interface View {
  node: string;
  network: string;
  sent: readonly Signed[];
  reached: readonly Signed[];
}

/**
 * By how many microseconds the clock of each node is ahead of the first node's. Between two nodes the quickest frames of the two
 * directions take about the same time, so half of the difference between their times is the difference between the clocks. If
 * frames went in one direction only, the quickest frame counts as having taken no time.
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

/**
 * The least difference of times of a frame between the clocks of its sender and its receiver; undefined without such a frame. A
 * frame that looks like another one does not count: one capture may have begun between the two.
 */
function quickest(views: readonly View[], from: string, to: string): number | undefined {
  const networks = views.filter(({ node }) => node === from).map(({ network }) => network);
  const times = networks.flatMap((network) => {
    const [sender, receiver] = [from, to].map((name) =>
      views.find((one) => one.node === name && one.network === network),
    );
    const [sent, reached] = [onlyOnes(sender?.sent ?? []), onlyOnes(receiver?.reached ?? [])];
    return [...sent].flatMap(([sign, time]) => {
      const arrival = reached.get(sign);
      return arrival === undefined ? [] : [arrival - time];
    });
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** The times of frames that were seen only once. */
function onlyOnes(frames: readonly Signed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { sign } of frames) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return new Map(frames.filter(({ sign }) => counts.get(sign) === 1).map(({ sign, time }) => [sign, time]));
}

import { type MachinePart, type Part, pairable } from '../sets.ts';

/** Parts that run at the same time as others: each lane takes the next one of them when it is free. */
export interface Turn {
  parts: readonly Part[];
  lanes: 1 | 2;
}

/** In which order parts run, and which of them side by side: the ones before machines, those that can be paired, the rest. */
export function turnsOf(chosen: readonly Part[], lanes: 1 | 2): Turn[] {
  const paired = pairable.filter((part) => chosen.includes(part));
  if (lanes === 1 || paired.length < 2) return chosen.map((part) => ({ parts: [part], lanes: 1 }));
  const others = chosen.filter((part) => !paired.includes(part as MachinePart));
  const first = others.filter((part) => ['checks', 'unit', 'images'].includes(part));
  const alone = (part: Part): Turn => ({ parts: [part], lanes: 1 });
  return [...first.map(alone), { parts: paired, lanes }, ...others.filter((part) => !first.includes(part)).map(alone)];
}

/** Does the work for each part, in so many lanes. The results are in the order of the parts. */
export async function inLanes<T>({ parts, lanes }: Turn, work: (part: Part) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const queue = parts.map((part, at) => ({ part, at }));
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next.at] = await work(next.part);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

import { z } from 'zod';

const spread = z.object({ median: z.number() });
const amounts = z.object({ packets: spread, bytes: spread });

/** What is read again of a document of `lab compare --json`. */
export const earlierComparison = z.object({
  schema: z.literal('lvs-lab/compared-methods/1'),
  labs: z.array(
    z.object({
      lab: z.string(),
      instructions: z
        .array(z.object({ part: z.string(), call: spread.nullable(), request: z.number() }))
        .nullable()
        .default(null),
      loads: z.array(z.object({ load: z.string(), director: z.object({ in: amounts, out: amounts }).nullable() })),
    }),
  ),
});
export type EarlierComparison = z.infer<typeof earlierComparison>;
type ComparedLab = EarlierComparison['labs'][number];

/** A number of a comparison. */
interface Figure {
  lab: string;
  what: string;
  value: number;
}

export interface FigurePair extends Figure {
  before: number;
  /** The difference as a part of the earlier number; `Infinity` where that was 0. */
  difference: number;
}

/** The numbers that both comparisons have, in the order of the later one. */
export function pairsOf(now: readonly ComparedLab[], before: readonly ComparedLab[]): FigurePair[] {
  const earlier = new Map(before.flatMap(figuresIn).map((figure) => [keyOf(figure), figure.value]));
  return now.flatMap(figuresIn).flatMap((figure) => {
    const known = earlier.get(keyOf(figure));
    if (known === undefined) return [];
    const gap = Math.abs(figure.value - known);
    return [{ ...figure, before: known, difference: gap === 0 ? 0 : gap / Math.abs(known) }];
  });
}

function keyOf({ lab, what }: Figure): string {
  return `${lab}\n${what}`;
}

function figuresIn({ lab, loads, instructions }: ComparedLab): Figure[] {
  const counted = loads.flatMap(({ load, director }) =>
    (['in', 'out'] as const).flatMap((side) => {
      if (!director) return [];
      const { packets, bytes } = director[side];
      return [
        { lab, what: `${load}, packets ${side}`, value: packets.median },
        { lab, what: `${load}, bytes ${side}`, value: bytes.median },
      ];
    }),
  );
  const executed = (instructions ?? []).flatMap(({ part, call, request }) => [
    ...(call ? [{ lab, what: `${part}, instructions of a call`, value: call.median }] : []),
    ...(call ? [{ lab, what: `${part}, instructions for a page`, value: request }] : []),
  ]);
  return [...counted, ...executed];
}

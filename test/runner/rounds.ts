import { parseArgs } from 'node:util';
import type { Fault, Place } from '../../scripts/faults/fault.ts';
import { faults } from '../../scripts/faults/index.ts';
import type { Plan } from '../../scripts/plan/plan.ts';

/** What a program that makes faults one after the other is told: `LAB [FAULT…]` and options. */
export interface RoundsWish {
  lab: string;
  /** Ids of faults; all if there are none. */
  wanted: string[];
  /** The id of the first one, after a run that was interrupted. */
  from?: string | undefined;
  /** Every place of a fault, and not only the first. */
  places: boolean;
  /** No further fault is made after so many seconds. */
  seconds: number;
  /** Write what was seen into test/recorded/diagnoses.json. */
  record: boolean;
  /** So many random pairs of faults in place of single ones. */
  pairs: number;
  /** The seed of the first pair; the others follow it. */
  seed: number;
}

export function roundsWish(): RoundsWish {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      places: { type: 'boolean', default: false },
      seconds: { type: 'string', default: 'Infinity' },
      record: { type: 'boolean', default: false },
      pairs: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [lab = 'dr', ...wanted] = positionals;
  const { from, places, record } = values;
  const [seconds, pairs, seed] = [Number(values.seconds), Number(values.pairs), Number(values.seed)];
  return { lab, wanted, from, places, record, seconds, pairs, seed };
}

/** The faults that a lab can have and that are wanted, in the order of the shelf. */
export function chosenFor(plan: Plan, { wanted, from, places }: RoundsWish): { fault: Fault; place: Place }[] {
  const first = from === undefined ? 0 : faults.findIndex(({ id }) => id === from);
  return faults
    .slice(first)
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .flatMap((fault) => {
      const all = fault.places(plan);
      return (places ? all : all.slice(0, 1)).map((place) => ({ fault, place }));
    });
}

/** Notes how long a piece of work takes, in seconds with one digit. */
export async function timed<T>({ seconds }: { seconds: number[] }, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    seconds.push(Math.round((performance.now() - begin) / 100) / 10);
  }
}

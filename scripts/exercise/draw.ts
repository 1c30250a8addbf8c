import { createHash } from 'node:crypto';
import { greatestCommonDivisor } from '../ipvs/oracle/model.ts';
import { hostAt, networkAround, prefixOf } from '../model/addresses.ts';
import { generator } from '../random.ts';
import type { Draw, DrawnFrom } from './draw-schema.ts';
import { filled } from './placeholders.ts';

/** Whose variant it is. */
export interface Who {
  /** Another course with the same exercise has other variants; '' for none. */
  course: string;
  student: string;
}

/** The drawn values by their names. */
export type Values = Readonly<Record<string, unknown>>;

/** A drawing that is impossible: at a key of `draw`. */
export class DrawError extends RangeError {
  readonly key: string;

  constructor(key: string, what: string) {
    super(what);
    this.key = key;
  }
}

/**
 * Draws the values of one student's variant. Equal words give equal values on every computer.
 * @throws DrawError for what nothing can be drawn from
 */
export function drawn(draw: Draw, exercise: string, { course, student }: Who): Values {
  const values: Record<string, unknown> = {};
  for (const [name, from] of Object.entries(draw)) {
    // A number of its own for each name, so that another name more changes none of the others.
    const hash = createHash('sha256')
      .update(JSON.stringify([course, exercise, student, name]))
      .digest();
    const next = generator(hash.readUInt32BE());
    values[name] = one(name, from, { draw, values, below: (count) => Math.floor(next() * count) });
  }
  return values;
}

interface Drawing {
  draw: Draw;
  values: Values;
  /** A number from 0 on that is less than this. */
  below(count: number): number;
}

function one(name: string, from: DrawnFrom, drawing: Drawing): unknown {
  const { below, values } = drawing;
  if (Array.isArray(from)) {
    const { value, problems } = filled(from[below(from.length)], values, [], () => 0);
    if (problems[0]) throw new DrawError(name, `${problems[0].what} above it`);
    return value;
  }
  if (typeof from === 'string') {
    const [least, most] = boundsOf(name, from);
    return least + below(most - least + 1);
  }
  if ('network' in from) return subnetOf(name, from.network, from.prefix ?? 24, below);
  if ('host' in from) return hostOf(name, from, drawing);
  return weightsOf(name, from, below);
}

function boundsOf(name: string, range: string): [least: number, most: number] {
  const [least = 0, most = 0] = range.split('..').map(Number);
  if (least > most) throw new DrawError(name, `${range} is empty`);
  return [least, most];
}

function subnetOf(name: string, network: string, prefix: number, below: Drawing['below']): string {
  const bits = prefix - prefixOf(network);
  if (network.includes(':') || bits < 0)
    throw new DrawError(name, `${network} has no IPv4 network of ${prefix} bits inside`);
  const number = BigInt(below(2 ** bits)) << BigInt(32 - prefix);
  return networkAround(hostAt(network, number), prefix);
}

/** An address that no other name of the drawing has. */
function hostOf(
  name: string,
  { host: network, between = '4..99' }: Extract<DrawnFrom, { host: string }>,
  { draw, values, below }: Drawing,
): string {
  const cidr = values[network];
  const from = draw[network];
  if (typeof cidr !== 'string' || typeof from !== 'object' || !('network' in from))
    throw new DrawError(name, `no network ${network} is drawn above it`);
  const [least, most] = boundsOf(name, between);
  if (most >= 2 ** (32 - prefixOf(cidr)) - 1 || least < 1)
    throw new DrawError(name, `${between} has numbers that ${cidr} does not have`);
  const all = Array.from({ length: most - least + 1 }, (_, at) => hostAt(cidr, BigInt(least + at)));
  const free = all.filter((address) => !Object.values(values).includes(address));
  if (free.length === 0) throw new DrawError(name, `all addresses of ${between} are drawn already`);
  return free[below(free.length)] ?? '';
}

function weightsOf(
  name: string,
  { weights: count, of }: Extract<DrawnFrom, { weights: number }>,
  below: Drawing['below'],
): number[] {
  const [least, most] = boundsOf(name, of);
  const all = Array.from({ length: most - least + 1 }, (_, at) => least + at);
  if (least < 1 || all.length < count)
    throw new DrawError(name, `${of} has too few numbers for ${count} different weights`);
  for (;;) {
    const remaining = [...all];
    const found = Array.from({ length: count }, () => remaining.splice(below(remaining.length), 1)[0] ?? 0);
    // Weights of 2 and 4 are those of 1 and 2: a neighbour's answer would be right.
    if (greatestCommonDivisor(found) === 1) return found;
  }
}

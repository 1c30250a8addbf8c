import { median } from '../median.ts';
import { type Spread, spreadOf } from './amounts.ts';
import { type Law, lawOf } from './law.ts';

/** Nanoseconds of the guest's clock for one instruction: 2^2, as `-icount shift=2` sets it. */
const instructionNs = 4;

/** What spreads the load. `rules`: nft with a rule for each service. `map`: nft with one rule that looks in a map. */
export const ways = ['ipvs', 'rules', 'map'] as const;
export type Way = (typeof ways)[number];

/** What grows. servers: entries of the measured service. */
export const axes = ['servers', 'services'] as const;
export type Axis = (typeof axes)[number];

/** One size of everything. */
export interface Size {
  servers: number;
  services: number;
}

export interface Growing {
  axis: Axis;
  size: number;
  way: Way;
  /** What the director is set to. */
  all: Size;
}

/** The most sizes of each axis. */
export const largest: Size = { servers: 16, services: 100 };

const steps: Record<Axis, readonly number[]> = {
  servers: [2, 4, 8, 16],
  services: [1, 3, 10, 30, 100],
};

/** The measurements of one round: the ways are side by side for each size. @param most the largest size of each axis */
export function growthPlan(most: Size, known: readonly Way[] = ways): Growing[] {
  return axes.flatMap((axis) =>
    sizesOf(axis, most[axis]).flatMap((size) =>
      known.map((way) => ({ axis, size, way, all: { servers: 2, services: 1, [axis]: size } })),
    ),
  );
}

function sizesOf(axis: Axis, most: number): number[] {
  return steps[axis].filter((size) => size <= most);
}

/** A director's clock, and how long its CPUs were idle until then. Nanoseconds. */
export interface Clock {
  now: number;
  idle: number;
}

/**
 * Reads /proc/timer_list (kernel/time/timer_list.c): `now at N nsecs`, and for each CPU `.idle_sleeptime  : N nsecs` and
 * `.iowait_sleeptime`, which is idle too. Both are of the monotonic clock. @returns undefined where the kernel does not say it
 */
export function parseClock(text: string): Clock | undefined {
  const now = Number(/^now at (\d+) nsecs/m.exec(text)?.[1]);
  const idle = [...text.matchAll(/^\s*\.(?:idle|iowait)_sleeptime\s*: (\d+) nsecs/gm)].map(([, value]) =>
    Number(value),
  );
  if (Number.isNaN(now) || idle.length === 0) return undefined;
  return { now, idle: idle.reduce((sum, one) => sum + one, 0) };
}

/** Clocks around requests, and around a rest of the same length. */
export interface Round {
  requests: number;
  work: readonly [Clock, Clock];
  rest: readonly [Clock, Clock];
}

/**
 * Instructions of the director for one request: what its CPU was busy with, without what it does at rest in the same time. The
 * director has one CPU.
 */
export function instructionsOf({ requests, work, rest }: Round): number {
  const atRest = (busyOf(rest) / elapsedOf(rest)) * elapsedOf(work);
  return (busyOf(work) - atRest) / instructionNs / requests;
}

export function elapsedOf([first, last]: readonly [Clock, Clock]): number {
  return last.now - first.now;
}

function busyOf(clocks: readonly [Clock, Clock]): number {
  const [first, last] = clocks;
  return elapsedOf(clocks) - (last.idle - first.idle);
}

/** A number that was measured in a round. */
export interface Measured {
  axis: Axis;
  size: number;
  way: Way;
  instructions: number;
}

export interface Curve {
  axis: Axis;
  way: Way;
  points: { size: number; instructions: Spread }[];
  /** By the medians. */
  law: Law;
}

/** Medians and laws of all rounds. */
export function curvesOf(measured: readonly Measured[]): Curve[] {
  return axes.flatMap((axis) =>
    ways.flatMap((way) => {
      const own = measured.filter((one) => one.axis === axis && one.way === way);
      if (own.length === 0) return [];
      const sizes = [...new Set(own.map(({ size }) => size))].sort((one, other) => one - other);
      const valuesAt = (size: number) => own.filter((one) => one.size === size).map((one) => one.instructions);
      const points = sizes.map((size) => ({ size, instructions: spreadOf(valuesAt(size)) }));
      return [{ axis, way, points, law: lawOf(sizes.map((size) => ({ size, value: median(valuesAt(size)) }))) }];
    }),
  );
}

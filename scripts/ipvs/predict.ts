import type { Service } from '../model/lab.ts';

export interface Candidate {
  name: string;
  weight: number;
}

/** What a scheduler will do for one client that closes each connection before it opens the next. */
export type Prediction =
  /** These in turn, for ever. */
  | { kind: 'cycle'; order: string[] }
  /** One server, always the same. */
  | { kind: 'one'; of: string[] }
  /** In any window of `window` picks, each exactly this often. */
  | { kind: 'window'; window: number; shares: Map<string, number> }
  /** Any of these. */
  | { kind: 'any'; of: string[] };

/**
 * Predicts the real servers of a sequence of connections.
 * @param candidates in the kernel's order
 *
 * rr: ip_vs_rr.c, ip_vs_rr_schedule: the next in the list with a weight above 0. wrr: ip_vs_wrr.c: any
 * Σweights/gcd picks hold each server weight/gcd times. sh and mh without their port flag look at the client alone,
 * dh at the VIP alone; sed, nq, fo and ovf look at open connections, of which a closing client has none.
 */
export function predict(service: Service, candidates: readonly Candidate[]): Prediction {
  const able = candidates.filter(({ weight }) => weight > 0);
  const names = able.map(({ name }) => name);
  const { scheduler, flags, persistence } = service;
  if (persistence > 0) return { kind: 'one', of: names };
  switch (scheduler) {
    case 'rr':
      return { kind: 'cycle', order: names };
    case 'wrr': {
      const divisor = commonDivisor(able.map(({ weight }) => weight));
      const shares = new Map(able.map(({ name, weight }) => [name, weight / divisor]));
      return { kind: 'window', window: wrrRound(able.map(({ weight }) => weight)), shares };
    }
    case 'sh':
    case 'mh':
      return { kind: flags.some((flag) => flag.endsWith('-port')) ? 'any' : 'one', of: names };
    case 'dh':
    case 'lblc':
    case 'sed':
    case 'nq':
    case 'fo':
    case 'ovf':
      return { kind: 'one', of: names };
    default:
      return { kind: 'any', of: names };
  }
}

/** Picks after which wrr begins anew: Σweights/gcd. */
export function wrrRound(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0) / commonDivisor(weights);
}

function commonDivisor(weights: readonly number[]): number {
  return weights.reduce(gcd, 0) || 1;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

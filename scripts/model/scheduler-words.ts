import { type Scheduler, schedulers } from './words.ts';

/** Which real server each scheduler gives the next connection to, in a few words. The kernel's net/netfilter/ipvs/ip_vs_NAME.c. */
export const schedulerWords: Record<Scheduler, string> = {
  rr: 'each real server in turn',
  wrr: 'each in turn, in proportion to the weights',
  lc: 'the one with the fewest connections',
  wlc: 'the one with the fewest connections for its weight',
  lblc: 'the same one for a VIP, until it is overloaded',
  lblcr: 'one of a set for a VIP; the set grows when it is overloaded',
  dh: 'by a hash of the VIP: the same one for a VIP',
  sh: 'by a hash of the client’s address: the same one for a client',
  sed: 'the one with the shortest delay to expect: fewest open for its weight',
  nq: 'an idle one; without one as sed',
  fo: 'the one with the highest weight, until it is full',
  ovf: 'the one with the highest weight, until more are open than that',
  mh: 'as sh; few clients change when a real server comes or goes (Maglev)',
  twos: 'the less loaded of two that are drawn at random',
};

/** Schedulers whose choice can be computed. */
export type Predictable = Exclude<Scheduler, 'twos'>;

export const predictable: readonly Predictable[] = schedulers.filter((name) => name !== 'twos');

import { type Scheduler, schedulers } from './words.ts';

/** What a scheduler is told to people with. Its code is the kernel's net/netfilter/ipvs/ip_vs_NAME.c. */
interface SchedulerWords {
  /** Which real server gets the next connection, in a few words. */
  next: string;
  /** What it does, in sentences. */
  does: string;
  /** A hash of this address chooses. */
  hashes?: 'client' | 'vip';
  /** It sees only the connections that are open: a client that closes each one before the next meets the same real server. */
  countsOpen?: true;
}

export const schedulerWords: Record<Scheduler, SchedulerWords> = {
  rr: {
    next: 'each real server in turn',
    does: 'Round robin: each real server in turn, whatever the weights.',
  },
  wrr: {
    next: 'each in turn, in proportion to the weights',
    does: 'Weighted round robin: in turn, each as often as its weight says: of six connections 3, 2 and 1.',
  },
  lc: {
    next: 'the one with the fewest connections',
    does: 'Least connection: the one with the least load, whatever the weights.',
  },
  wlc: {
    next: 'the one with the fewest connections for its weight',
    does: 'Weighted least connection: the one with the least load, divided by its weight. ipvsadm takes it when it is told none.',
  },
  lblc: {
    next: 'the same one for a VIP, until it is overloaded',
    does: 'Locality-based least connection, for caches: the address that clients ask stays with one real server, which is first chosen as by wlc. It moves, again as by wlc, when that one has more active connections than its weight while another has fewer than half of its weight. A service with one VIP has one such address; a service by mark may have many.',
  },
  lblcr: {
    next: 'one of a set for a VIP; the set grows when it is overloaded',
    does: 'The same with replication: the address has a set of real servers, and the least loaded of the set (by weight) gets the connection. When that is overloaded in the sense of lblc, the least loaded of all joins the set.',
  },
  dh: {
    next: 'by a hash of the VIP: the same one for a VIP',
    does: 'Destination hashing: a table of 256 places, filled by the real servers in turn, and a hash of the address that clients ask. With one VIP one real server gets everything.',
    hashes: 'vip',
  },
  sh: {
    next: 'by a hash of the client’s address: the same one for a client',
    does: 'Source hashing: the same with a hash of the client’s address, and places by weight. So a client stays with one real server, without persistence. Flag `sh-port` adds the client’s port to the hash; with `sh-fallback` another real server is tried where the first may not get the connection, which is else refused.',
    hashes: 'client',
  },
  sed: {
    next: 'the one with the shortest delay to expect: fewest open for its weight',
    does: 'Shortest expected delay: the one with the least (active connections + 1) / weight. Closed connections do not count, so whoever closes each before the next always meets the heaviest.',
    countsOpen: true,
  },
  nq: {
    next: 'an idle one; without one as sed',
    does: 'Never queue: the first in the list without an active connection, whatever its weight; when all have some, as sed.',
    countsOpen: true,
  },
  fo: {
    next: 'the one with the highest weight, until it is full',
    does: 'Weighted failover: always the one with the highest weight. Another gets connections only when that one is gone, full (upper threshold) or has weight 0.',
  },
  ovf: {
    next: 'the one with the highest weight, until more are open than that',
    does: 'Weighted overflow: the one with the highest weight among those that have no more active connections than their weight. When all have more, the connection is refused.',
    countsOpen: true,
  },
  mh: {
    next: 'as sh; few clients change when a real server comes or goes (Maglev)',
    does: 'Maglev hashing: source hashing by a table of 4093 places, made so that few clients change their real server when one comes or goes. Directors with the same table choose alike. Flags `mh-port` and `mh-fallback` are as those of sh.',
    hashes: 'client',
  },
  twos: {
    next: 'the less loaded of two that are drawn at random',
    does: 'The power of two choices: draws two real servers at random, heavier ones more often, and takes the one with less load for its weight. Nobody can predict it.',
  },
};

/** Schedulers whose choice can be computed. */
export type Predictable = Exclude<Scheduler, 'twos'>;

export const predictable: readonly Predictable[] = schedulers.filter((name) => name !== 'twos');

import { type Scheduler, schedulers } from './words.ts';

/** The description of a scheduler for people. Its code is the kernel's net/netfilter/ipvs/ip_vs_NAME.c. */
interface SchedulerWords {
  /** Which real server gets the next connection, in a few words. */
  next: string;
  /** What it does, in sentences. */
  does: string;
  /** A hash of this address chooses. */
  hashes?: 'client' | 'vip';
  /** It counts only open connections: a client that closes each one before the next always gets the same real server. */
  countsOpen?: true;
}

export const schedulerWords: Record<Scheduler, SchedulerWords> = {
  rr: {
    next: 'each real server in turn',
    does: 'Round robin chooses each real server in turn, whatever the weights.',
  },
  wrr: {
    next: 'each in turn, in proportion to the weights',
    does: 'Weighted round robin chooses the real servers in turn, each as often as its weight: in the example 3, 2 and 1 of six connections.',
  },
  lc: {
    next: 'the one with the fewest connections',
    does: 'Least connection chooses the real server with the least load, whatever the weights.',
  },
  wlc: {
    next: 'the one with the fewest connections for its weight',
    does: 'Weighted least connection chooses the real server with the least load divided by its weight. It is the default of ipvsadm.',
  },
  lblc: {
    next: 'the same one for a VIP, until it is overloaded',
    does: 'Locality-based least connection, for caches, keeps each destination address with one real server. The first choice is that of wlc. The address moves, again by the rule of wlc, when its real server has more active connections than its weight while another has fewer than half of its weight. A service with one VIP has one destination address; a service by mark may have many.',
  },
  lblcr: {
    next: 'one of a set for a VIP; the set grows when it is overloaded',
    does: 'Locality-based least connection with replication works like lblc, but each destination address has a set of real servers. The least loaded of the set (by weight) gets the connection. When it is overloaded in the sense of lblc, the least loaded of all real servers joins the set.',
  },
  dh: {
    next: 'by a hash of the VIP: the same one for a VIP',
    does: 'Destination hashing fills a table of 256 places with the real servers in turn. A hash of the destination address chooses a place. With one VIP one real server gets all connections.',
    hashes: 'vip',
  },
  sh: {
    next: 'by a hash of the client’s address: the same one for a client',
    does: 'Source hashing works like dh, but with a hash of the client’s address, and with places in proportion to the weights. So a client stays with one real server, without persistence. Flag `sh-port` adds the client’s port to the hash. If the real server may not get the connection, `sh-fallback` tries another one; without this flag the connection is refused.',
    hashes: 'client',
  },
  sed: {
    next: 'the one with the fewest open connections for its weight',
    does: 'Shortest expected delay chooses the real server with the least (active connections + 1) / weight. Closed connections do not count. So a client that closes each connection before the next always gets the real server with the highest weight.',
    countsOpen: true,
  },
  nq: {
    next: 'an idle one; if there is none, like sed',
    does: 'Never queue chooses the first real server in the list without an active connection, whatever its weight. When all have active connections, it chooses like sed.',
    countsOpen: true,
  },
  fo: {
    next: 'the one with the highest weight, until it is full',
    does: 'Weighted failover always chooses the real server with the highest weight. Another one gets connections only when that one is gone, is full (upper threshold) or has weight 0.',
  },
  ovf: {
    next: 'the one with the highest weight, until it has more open connections than its weight',
    does: 'Weighted overflow chooses the highest weight among the real servers that have no more active connections than their weight. When all have more, the connection is refused.',
    countsOpen: true,
  },
  mh: {
    next: 'like sh; few clients move when a real server comes or goes (Maglev)',
    does: 'Maglev hashing is source hashing with a table of 4093 places. When a real server comes or goes, few clients change to another one. Directors with the same table choose the same real servers. Flags `mh-port` and `mh-fallback` work like those of sh.',
    hashes: 'client',
  },
  twos: {
    next: 'the less loaded of two random ones',
    does: 'The power of two choices draws two real servers at random, those with higher weights more often, and takes the one with less load for its weight. Nobody can predict it.',
  },
};

/** Schedulers whose choice can be computed. */
export type Predictable = Exclude<Scheduler, 'twos'>;

export const predictable: readonly Predictable[] = schedulers.filter((name) => name !== 'twos');
